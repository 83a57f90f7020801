"""Holds the numbers of a page's texts against the run: headings, sentences, notes, facts, commands, formulas."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from recount import ground, notes, price
from recount.case_tables import note
from recount.cautions import cautions
from recount.fidelity import Comebacks
from recount.sentences import Sentences, tail_words
from recount.writing import NUMBER, TIME, lasts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Case, Recount
    from recount.claims import Claims
    from recount.names import Names
    from recount.page import Node, Text


class Prose:
    """The texts of a page of that run."""

    def __init__(self, run: Recount, names: Names) -> None:
        self._run, self._names = run, names
        self._sentences = Sentences(run)
        self._machine, self._measuring = ground.machine(run), ground.measuring(run)

    def faults(self, text: Text) -> Iterator[str]:
        """What is wrong with a text."""
        if not any(map(str.isdigit, text.words)):
            return
        claims = self._names.claims(text.words)
        if sample := self._names.sample(text.case):
            self._sample(claims, sample)
        elif text.case:
            self._case(claims, text, self._names.case(text.case))
        elif payload := self._names.payload(text.section):
            self._payload(claims, text, payload)
        else:
            sections = {
                "summary": self._summary,
                "price": self._price,
                "fidelity": Comebacks(self._run, self._names).texts,
                "ground": self._ground,
                "": self._head,
            }
            sections.get(text.section, self._matrix)(claims, text)
        yield from (f"{text.section or 'head'} {text.heading}: {fault}: {text.words}" for fault in claims.verdict())

    def _head(self, claims: Claims, text: Text) -> None:
        codecs = len({case.codec for case in self._run.cases.values()})
        for found in claims.each(r"costs: (?P<codecs>\d+) codecs? on (?:(?P<payloads>\d+) payloads)?"):
            claims.expect(found, codecs=str(codecs))
            if found["payloads"]:
                claims.expect(found, payloads=str(len(self._run.payloads)))
        if text.node.tag == "time":
            claims.allow_texts(self._run.file[key][:19].replace("T", " ") + " UTC" for key in ("started", "finished"))

    def _summary(self, claims: Claims, text: Text) -> None:
        if text.node.tag == "dd":
            self._sentences.answers(claims, text.heading)
        self._sentences.doubts(claims)

    def _matrix(self, claims: Claims, text: Text) -> None:
        for payload in self._run.payloads:
            notes.conditions(claims, self._run, payload)
        if text.node.tag == "option":
            claims.allow(r"^p999$")  # p99.9 in addresses
            if text.attribute == "value" and text.node.around("name") == "conditions":
                siblings = [one for one in text.node.parent.inside if not isinstance(one, str)]
                claims.expect_all([str(siblings.index(text.node))])

    def _payload(self, claims: Claims, text: Text, payload: str) -> None:
        cases = self._run.of(payload=payload)
        told = next(iter(text.node.all("b")), None) if text.node.tag == "li" else None
        names = told.text() if told else text.words.partition(":")[0]
        named = [case for case in cases if re.search(rf"(?<![\w-]){re.escape(case.codec)}(?![\w-])", names)]
        notes.conditions(claims, self._run, payload)
        cautions(claims, named or cases)
        notes.compressed(claims, self._run, payload)
        if text.node.tag == "dd":
            self._command(claims, text, cases)

    def _command(self, claims: Claims, text: Text, cases: list[Case]) -> None:
        """The command of a codec beside its name, in what is folded in under a table of results."""
        siblings = [one for one in text.node.parent.inside if not isinstance(one, str)]
        codec = siblings[siblings.index(text.node) - 1].text()
        asked = re.search(r"--op (\w+)", text.words)
        own = [case for case in cases if case.codec == codec and asked and case.operation == asked[1]]
        place = self._commands(next(one for one in text.node.up() if one.tag == "section")).index(text.node.parent)
        fitting = [case for case in own if case.conditions == self._settings(cases)[place]]
        notes.command(claims, next(iter(fitting or own), cases[0]))

    @lru_cache(maxsize=1)  # noqa: B019 - a page's sections come one after the other
    def _commands(self, section: Node) -> list[Node]:
        return [one for one in section.walk() if "commands" in one.classes]

    def _settings(self, cases: list[Case]) -> list[dict[str, object]]:
        """The conditions of each table of a payload in their order."""
        found: dict[tuple[str, str], dict[str, object]] = {}
        for case in cases:
            found.setdefault((str(case.conditions), case.operation), case.conditions)
        order = ("read", "decode", "load", "encode", "dump")
        settings = self._run.conditions(cases[0].payload)
        return [one for one in settings for name in order if (str(one), name) in found]

    def _price(self, claims: Claims, text: Text) -> None:
        payloads = list(self._run.payloads)
        for payload in payloads:
            notes.conditions(claims, self._run, payload)
            notes.compressed(claims, self._run, payload)
        claims.allow_texts([price.ASSUMED])
        if text.node.tag == "p" and "price-answer" in text.node.classes:
            self._answer(claims, text)
        elif "price-formula" in text.node.parent.classes and text.node.tag == "dd":
            self._formula(claims, text)
        elif text.node.tag == "input":
            self._input(claims, text)
        for found in claims.each(rf"in one of (?P<threads>{NUMBER}) threads"):
            used = {str(case.threads) for case in self._run.cases.values()}
            claims.expect(found, threads=found["threads"] if found["threads"] in used else "")

    def _answer(self, claims: Claims, text: Text) -> None:
        table = next(
            one for one in text.node.parent.inside[_after(text.node) :] if not isinstance(one, str) and one.all("table")
        )
        lines = table.all("tbody")[0].all("th")
        today = next((self._names.codec(line) for line in lines if "today" in line.text()), "")
        bills = price.bills(self._run, table.all("h3")[0].text())
        claims.expect_all(price.answer(bills, today))

    def _formula(self, claims: Claims, text: Text) -> None:
        section = next(one for one in text.node.up() if one.tag == "section")
        table = section.all("table")[0]
        today = next((self._names.codec(one) for one in table.all("th") if "today" in one.text()), "")
        bill = price.bills(self._run, table.all("h3")[0].text()).get(today)
        claims.allow_texts([line for line in price.formula(bill) if text.words.endswith(line)] if bill else [])

    def _input(self, claims: Claims, text: Text) -> None:
        usual = {"rate": "20000", "decoded": "1", "encoded": "1", "core": "30", "gigabyte": "0.09", "utilisation": "50"}
        most = {"rate": "1000000000", "decoded": "1000", "encoded": "1000", "utilisation": "100"}
        name = text.node.attributes["name"]
        least = "1" if name == "utilisation" else "0"
        claims.expect_all([{"value": usual[name], "min": least, "max": most.get(name, "1000000")}[text.attribute]])

    def _ground(self, claims: Claims, text: Text) -> None:
        if text.node.tag == "pre":
            claims.allow_texts([" ".join(self._run.file["command"])])
        if text.node.tag != "dd":
            return
        siblings = [one for one in text.node.parent.inside if not isinstance(one, str)]
        label = siblings[siblings.index(text.node) - 1].text()
        if label in self._machine:
            claims.allow(f"^{re.escape(' '.join(self._machine[label].split()))}$")
        elif label in self._measuring:
            claims.expect_all(self._measuring[label])

    def _sample(self, claims: Claims, payload: str) -> None:
        """A message of a payload, word for word, and which of how many it is."""
        about = self._run.payloads[payload]
        claims.allow_texts([f"instance 1 of {about['instances']:,}", " ".join(about.get("sample", "").split())])

    def _case(self, claims: Claims, text: Text, case: Case) -> None:
        notes.conditions(claims, self._run, case.payload)
        cautions(claims, [case])
        self._sample(claims, case.payload)
        if text.node.tag == "caption":
            small = " ".join(one.text() for one in text.node.all("small"))
            if small == note(case, text.words.removesuffix(small)):
                claims.take(0, len(text.words))
        match text.node.tag:
            case "summary":
                self._gist(claims, case)
            case "p" | "desc" if case.measured:
                notes.readings(claims, case)
            case "text":
                _strip(claims, case)
            case "dd":
                siblings = [one for one in text.node.parent.inside if not isinstance(one, str)]
                label = siblings[siblings.index(text.node) - 1].text()
                notes.facts(claims, label, case, tail_words(case) if case.tail else "")
                shared = self._run.of(payload=case.payload, codec=case.codec)
                own = [one for one in shared if one.operation == case.operation]
                notes.passes(claims, label, shared if label == "compressed" else own)
            case "textarea":
                claims.take(0, len(claims.words))  # it is read as a histogram elsewhere

    def _gist(self, claims: Claims, case: Case) -> None:
        claims.allow_texts([case.id.partition("?")[2].replace("&", " ")] if "?" in case.id else [])
        for found in claims.each(rf"(?P<ns>{TIME})$"):
            claims.expect(found, ns=lasts(case.typical.value) if case.typical else "")


def _after(node: Node) -> int:
    return node.parent.inside.index(node) + 1


def _strip(claims: Claims, case: Case) -> None:
    """The labels of a small histogram."""
    from recount.case_tables import lowest

    ends = {"fastest": lowest(case.merged.ordered[0]), "slowest": case.merged.ordered[-1]}
    for found in claims.each(rf"(?P<name>p50|p99|fastest|slowest) (?P<ns>{TIME})"):
        known = case.percentile(found["name"]) if found["name"] not in ends else None
        claims.expect(found, ns=lasts(known.value if known else ends[found["name"]]))
