"""JUnit XML, as CI systems read it: FAILED is a failure, INCONCLUSIVE an error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from harness.files.atomic_file import whole_file
from harness.results import GateDecided, Kind, Reason, Result, SessionEnded, SessionEvent
from harness.verdict import Verdict

# What XML 1.0 cannot carry at all, escaped or not; a payload may well contain it.
_CONTROLS = (code for code in range(0x20) if code not in {0x9, 0xA, 0xD})
UNWRITABLE = dict.fromkeys((*_CONTROLS, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")
"""To be used with `str.translate`."""

BESIDE_THE_RUNS = frozenset({Kind.CORPUS, Kind.EXPLORED, Kind.UNPROVEN, Kind.INTERRUPTED})
"""What a gate has against a merge that no run tells."""


class JunitReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, event: SessionEvent) -> None:
        """Take one event."""
        if isinstance(event, SessionEnded):
            self._write(event)
        elif isinstance(event, GateDecided):
            self._write(event.ended, [one for one in event.against if one.kind in BESIDE_THE_RUNS])

    def _write(self, event: SessionEnded, reasons: Sequence[Reason] = ()) -> None:
        suites: dict[str, TestSuite] = {}
        for result in event.results:
            _suite(suites, result.name).add_testcase(_case(result))
        for name in event.not_run:
            _add(suites, name, Error("the session was interrupted before this run began", "INCONCLUSIVE"))
        for name in event.over_budget:
            _add(suites, name, Error("the time budget was used up before this run began", "INCONCLUSIVE"))
        for name, missing in event.left_out.items():
            _add(suites, name, Skipped(missing))
        for reason in reasons:
            about = ": ".join(one for one in (reason.name or "session", reason.finding) if one)
            case = TestCase(name=about.translate(UNWRITABLE), classname="gate")
            case.result = [_against(reason)]
            _suite(suites, "gate").add_testcase(case)
        xml = JUnitXml(name="harness")
        for suite in suites.values():
            xml.add_testsuite(suite)
        xml.update_statistics()  # type: ignore[no-untyped-call]  # junitparser is typed in part
        with whole_file(self._path) as beside:
            xml.write(str(beside), pretty=True)


def _against(reason: Reason) -> FinalResult:
    """Why not to merge: what was not done to its end is an error, as a run is that proves nothing."""
    kind = Error if reason.kind is Kind.INTERRUPTED else Failure
    return kind(reason.what.translate(UNWRITABLE), reason.kind)


def _add(suites: dict[str, TestSuite], name: str, instead: FinalResult) -> None:
    """A run that never was, and why."""
    pattern, _, failure = name.partition("/")
    case = TestCase(name=failure, classname=pattern)
    case.result = [instead]
    _suite(suites, name).add_testcase(case)


def _suite(suites: dict[str, TestSuite], name: str) -> TestSuite:
    pattern = name.partition("/")[0]
    return suites.setdefault(pattern, TestSuite(pattern))


def _case(result: Result) -> TestCase:
    pattern, _, failure = result.name.partition("/")
    case = TestCase(name=failure, classname=pattern, time=result.took.total_seconds())
    problems: list[FinalResult] = []
    for finding in result.findings:
        kind = Failure if finding.verdict is Verdict.FAILED else Error
        one = kind(finding.title.translate(UNWRITABLE), finding.oracle)
        one.text = str(finding).translate(UNWRITABLE)
        problems.append(one)
    case.result = problems
    case.system_out = f"seed: {result.evidence.seed}\nfolder: {result.folder}\nrepeat: {result.repeat}"
    return case
