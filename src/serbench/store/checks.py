"""What must hold in a `run.json` beyond the shape of its parts, so that nobody who reads a run meets a surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.records.cases import Case, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.store.structs import Codec, Measurement, Noise, Payload, RunFile, Thread, Worker


def check(file: RunFile) -> None:
    """Checks ids, references, statuses and histograms.

    Raises:
        BadRunFile: the first that does not hold, with its path in the JSON.
    """
    codecs = _unique_names("codecs", file.codecs)
    payloads = _unique_names("payloads", file.payloads)
    if not isinstance(file.noise, msgspec.UnsetType):
        _check_histogram(file.noise, "$.noise")
    cases: dict[str, Measurement] = {}
    for index, measurement in enumerate(file.measurements):
        at = f"$.measurements[{index}]"
        case = measurement.case
        _demand(
            case.id == msgspec.convert(case, Case, from_attributes=True).id, "not the id of this case", f"{at}.case.id"
        )
        _demand(case.id not in cases, "measured twice", f"{at}.case.id")
        _demand(case.codec in codecs, f"{case.codec!r} is none of $.codecs", f"{at}.case.codec")
        _demand(case.payload in payloads, f"{case.payload!r} is none of $.payloads", f"{at}.case.payload")
        cases[case.id] = measurement
    for index, measurement in enumerate(file.measurements):
        _check_outcome(measurement, cases, f"$.measurements[{index}]", halved=file.pairing is not msgspec.UNSET)


def _unique_names(key: str, parts: Iterable[Codec | Payload]) -> set[str]:
    names: set[str] = set()
    for index, part in enumerate(parts):
        _demand(part.name not in names, f"a second {part.name!r}", f"$.{key}[{index}].name")
        names.add(part.name)
    return names


def _check_outcome(measurement: Measurement, cases: dict[str, Measurement], at: str, *, halved: bool) -> None:
    """Args are as they stand in the file; `halved`: one side of a pair may have verified and encoded, and no more."""
    measured = measurement.status is Status.MEASURED
    _demand(
        measured != bool(measurement.reason),
        "a reason is given where, and only where, a case was not measured",
        f"{at}.reason",
    )
    if measurement.same_as:
        target = cases.get(measurement.same_as, measurement)  # itself, and so refused, where there is no such case
        _demand(not target.same_as, "not a case of this run that has its own results", f"{at}.same_as")
        _demand(target.status is measurement.status, "not the status of the case it is the same as", f"{at}.status")
        _demand(not measurement.workers, "a case that is the same as another has no samples", f"{at}.workers")
    else:
        passes = (measurement.memory, measurement.cold_start, measurement.instructions)
        encoded = halved and measurement.encoded_bytes is not msgspec.UNSET
        found = measurement.workers or measurement.sizes or encoded or any(p is not msgspec.UNSET for p in passes)
        _demand(bool(found) or not measured, "a measured case has samples, or what another pass found", f"{at}.workers")
    for index, worker in enumerate(measurement.workers):
        _check_worker(worker, f"{at}.workers[{index}]")


def _check_worker(worker: Worker, at: str) -> None:
    _check_histogram(worker, at)
    slow = worker.slow
    _demand(len(slow.at_ns) == len(slow.ns) == len(slow.labels), "as many times as calls and labels", f"{at}.slow")
    for index, thread in enumerate(worker.threads):
        _check_histogram(thread, f"{at}.threads[{index}]")


def _check_histogram(part: Worker | Thread | Noise, at: str) -> None:
    try:
        total = Histogram.decode(part.histogram).total
    except ValueError as error:
        raise BadRunFile(f"not a valid run: {error} - at `{at}.histogram`") from error
    _demand(total == part.calls, f"{part.calls} calls, but {total} in the histogram", f"{at}.calls")


def _demand(holds: bool, problem: str, at: str) -> None:  # noqa: FBT001 - the condition is the argument
    if not holds:
        raise BadRunFile(f"not a valid run: {problem} - at `{at}`")
