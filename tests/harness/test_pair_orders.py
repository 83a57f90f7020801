"""What workers of a pair are asked, in which order, and where they are meanwhile; and what of a broken pair counts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from random import Random

import pytest

from serbench.harness import cores
from serbench.harness.crew import Times
from serbench.harness.link import Link, Stopped
from serbench.harness.pairs import alternating
from serbench.harness.plan import Setting
from serbench.records.cases import Operation, Status
from serbench.sides.base import HERE
from serbench.trial.arms import Maker
from sessions import planned, spooled

TIMES = Times(prepare=5.0, verify=5.0)
ROUNDS = 12
SPLIT = cores.split()
SETTINGS = (Setting(), Setting(gc="off"), Setting(threads=2))
DIES_LATER = """
import json, os, signal
from dataclasses import dataclass
from serbench.codecs.base import Bound
from serbench.codecs.json import Json

@dataclass(frozen=True)
class Later(Json):
    name: str = "later"

    def bind(self, payload):
        sound = super().bind(payload)
        def decode(data):
            if os.path.exists({flag!r}):
                os.kill(os.getpid(), signal.SIGSEGV)
            return sound.decode(data)
        return Bound(encode=sound.encode, decode=decode)

CODECS = (Json(name="sound"), Later())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request as it was sent: by which side, for which case, and which cores its worker was on."""

    side: str
    request: dict
    affinity: frozenset
    pid: int
    still: frozenset

    @property
    def case(self):
        """What tells one case of the payload from another."""
        return self.request["operation"], self.request["gc"], self.request.get("threads")


def made(folder, codecs, settings=SETTINGS[:1], operations=(Operation.DECODE,), rounds=ROUNDS, **options):
    """Two sides of the same cases, and their pairs."""
    maker = Maker(
        payloads=(spooled(folder),),
        operations=operations,
        settings=settings,
        rng=Random(3),
        timeout=1.0,
        stop=lambda: False,
    )
    arms = [maker.arm(name, codecs, launch=HERE) for name in ("base", "new")]
    defaults = {"rng": Random(3), "timeout": 1.0, "stop": lambda: False, "tell": lambda _phase, _case: None}
    return arms, alternating(arms, cores=maker.cores, rounds=rounds, **(defaults | options))


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Two pairs of six cases, and every request; a worker of `new` leaves something running, as far as one knows."""
    folder = tmp_path_factory.mktemp("orders")
    posts, still, noisy = [], set(), set()
    post, keep_still = Link.post, Link.keep_still

    def note(self, request, *, patience):
        side = next((arm.name for arm in arms for m in arm.crew.members.values() if m.link is self), "")
        on = frozenset(os.sched_getaffinity(self.pid))
        posts.append(Post(side=side, request=request, affinity=on, pid=self.pid, still=frozenset(still)))
        post(self, request, patience=patience)

    def hold(self, still_now):
        (still.add if still_now else still.discard)(self.pid)
        keep_still(self, still_now)

    def tell(phase, _case):
        if phase == "warm-up":
            member = next(m for s, m in arms[1].crew.members.items() if s.setting.gc == "off")
            member.busy = True
            noisy.add(member.link.pid)

    arms, pairs = made(
        folder, planned(folder, ["sound"]).codecs, SETTINGS, (Operation.ENCODE, Operation.DECODE), tell=tell
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Link, "post", note)
        patch.setattr(Link, "keep_still", hold)
        pairs.get_ready(TIMES)
        first = len(posts)
        for _ in range(2):
            pairs.measure(TIMES)
    return pairs, posts[:first], posts[first:], noisy


def asked(posts, what):
    """Requests of one sort, in order."""
    return [post for post in posts if post.request["do"] == what]


def rounds_of(posts):
    """Blocks, round by round: every case once on each side."""
    blocks = asked(posts, "block")
    each = len(blocks) // (2 * ROUNDS)
    return [blocks[n : n + each] for n in range(0, len(blocks), each)]


def test_every_round_has_every_case_once_on_each_side(watched):
    """One side right after the other."""
    for own in rounds_of(watched[2]):
        assert 12 == len(own)
        for one, other in zip(own[::2], own[1::2], strict=True):
            assert one.case == other.case
            assert {"base", "new"} == {one.side, other.side}
        assert 6 == len({post.case for post in own})


def test_orders_are_drawn_round_by_round(watched):
    """Of cases, and of the sides of each case: neither side is always first."""
    own = rounds_of(watched[2])
    assert len({tuple(post.case for post in one[::2]) for one in own}) > ROUNDS
    firsts = [post.side for one in own for post in one[::2]]
    assert 0.25 < firsts.count("base") / len(firsts) < 0.75
    assert len({tuple(post.side for post in one[::2]) for one in own}) > ROUNDS // 2


def test_blocks_of_a_case_have_one_size(watched):
    """As many calls on both sides and in all pairs; cases differ."""
    sizes = {}
    for post in asked(watched[2], "block"):
        sizes.setdefault(post.case, set()).add(
            (post.request["calls"], post.request["batch"], post.request["lead_in_ns"])
        )
    assert {1} == {len(own) for own in sizes.values()}


def test_conditions_are_those_of_the_case(watched):
    """The collector as it is asked for, and as many threads."""
    settings = {(post.request["gc"], post.request["threads"]) for post in asked(watched[2], "block")}
    assert {("on", 1), ("off", 1), ("on", 2)} == settings
    assert {"on", "off"} == {post.request["gc"] for post in asked(watched[2], "warm")}


@pytest.mark.skipif(not SPLIT.measuring, reason="nothing is pinned on one core")
def test_threads_have_all_cores_and_all_else_has_one(watched):
    """While they measure, and no longer."""
    for post in asked(watched[2], "block"):
        assert (SPLIT.everywhere if post.request["threads"] > 1 else SPLIT.measuring) == post.affinity
    assert {SPLIT.measuring} == {post.affinity for post in asked(watched[2], "floor")}


def test_the_floor_is_read_twice(watched):
    """Before the rounds and in the middle of them, three times in each worker."""
    floors = asked(watched[2], "floor")
    counts = {post.pid: [own.pid for own in floors].count(post.pid) for post in floors}
    assert {6} == set(counts.values())
    assert 2 * 2 * 3 == len(counts)
    kinds = [post.request["do"] for post in watched[2]]
    before = [kinds[:n].count("block") for n, kind in enumerate(kinds) if kind == "floor"]
    assert {0, 72, 144, 216} == set(before)


def test_results_are_verified_once_and_not_in_every_pair(watched):
    """Thoroughly before the first of them."""
    _, ready, pairs, _ = watched
    assert {TIMES.verify} == {post.request["verify_seconds"] for post in asked(ready, "bind")}
    assert {0.0} == {post.request["verify_seconds"] for post in asked(pairs, "bind")}
    assert {TIMES.prepare} == {post.request["prepare_seconds"] for post in asked(pairs, "bind")}


def test_what_goes_on_by_itself_is_kept_still(watched):
    """A worker of either side that leaves something running, while any other is measured."""
    *_, posts, noisy = watched
    assert 2 == len(noisy)
    for post in asked(posts, "block"):
        assert len(post.still) == (post.pid not in noisy)
        assert post.still <= noisy


def test_pairs_are_told_as_rounds(watched):
    """One for each, in order; the time inside blocks is a part of the whole."""
    pairs = watched[0]
    assert [(1, 0), (2, 1)] == [(one.n, one.wave) for one in pairs.done]
    assert all(0 < one.block_seconds <= one.seconds for one in pairs.done)


def test_cases_must_be_open_on_all_sides(tmp_path):
    """What one of them cannot measure is no pair."""
    arms, pairs = made(tmp_path, planned(tmp_path, ["sound"]).codecs, SETTINGS[:2])
    both = [case.id for case in pairs.open_cases()]
    assert 2 == len(both)
    for arm, left in ((arms[1], both[1:]), (arms[0], [])):
        case = next(case for case in arm.plan.cases if case.id == both[arm is arms[0]])
        arm.ledger.end(case, Status.FAILED, "gone")
        assert left == [case.id for case in pairs.open_cases()]


def dying(folder, at_round, **options):
    """Two codecs of which one dies on either side from a round on; pairs, sides and the flag."""
    flag = folder / "flag"
    (folder / "later.py").write_text(DIES_LATER.format(flag=str(flag)))
    told = []

    def tell(phase, _case):
        told.append(phase)
        if told.count("round") == 2 * at_round:
            flag.touch()

    codecs = planned(folder, ["sound", "later"], file=str(folder / "later.py")).codecs
    return *made(folder, codecs, rounds=4, tell=tell, **options), told


def by_id(arm):
    """What a side has measured."""
    return {m.case.id: m for m in arm.ledger.measurements("not measured")}


def test_of_a_pair_that_broke_in_the_middle_nothing_counts(tmp_path):
    """It is begun again without the case that a worker died of; the other case has one worker of one whole pair."""
    arms, pairs, _ = dying(tmp_path, 2)
    pairs.get_ready(TIMES)
    pairs.measure(TIMES)
    assert 1 == len(pairs.done)
    for arm in arms:
        (worker,) = by_id(arm)["sound/note/decode"].workers
        assert (0, 4) == (worker.pair, len(worker.block_medians))
    assert ["sound/note/decode"] == [case.id for case in pairs.open_cases()]
    ended = [by_id(arm)["later/note/decode"] for arm in arms]
    assert Status.FAILED in {m.status for m in ended}
    assert all(not m.workers for m in ended)
    pairs.measure(TIMES)
    assert [0, 1] == [worker.pair for worker in by_id(arms[0])["sound/note/decode"].workers]


def test_of_a_pair_that_was_stopped_in_the_middle_nothing_counts(tmp_path):
    """Neither in a side's numbers nor among the pairs, though some rounds were whole."""
    rounds = []
    arms, pairs = made(
        tmp_path,
        planned(tmp_path, ["sound"]).codecs,
        tell=lambda phase, _case: rounds.append(phase) if phase == "round" else None,
        stop=lambda: len(rounds) > 3,
    )
    pairs.get_ready(TIMES)
    with pytest.raises(Stopped):
        pairs.measure(TIMES)
    assert len(rounds) > 3
    assert [] == pairs.done
    assert [()] * 2 == [by_id(arm)["sound/note/decode"].workers for arm in arms]
