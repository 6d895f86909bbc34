"""What a process that tries a mutant is told, and what it reports: a line for each run that has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from harness.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class TrialOrders:
    """What a process is to run.

    Attributes:
        root: The project's root.
        copy: The copy of it that is run.
        folder: Where the run folders go.
        report: The file that takes a line for each run that has ended.
        scenarios: The scenarios to run, those first that are most likely to fail, and how many seconds each may take at
            most; None for its own deadline.
        checks: The arguments of Python by the names of the checks that follow, when no scenario has failed.
        limits: Within how many seconds each check must end; no limit for those left out.
        jobs: How many runs are concurrent.
        temporal: HOST:PORT of the Temporal server.
        namespace: Its namespace.
        toxiproxy: HOST:PORT of the Toxiproxy.
        joins: Whether both were started by the process that orders this.
        seed: What chance is drawn from.
        covered: The files whose lines are recorded, for each run alone; () for none. Then nothing stops at a failure.
    """

    root: str
    copy: str
    folder: str
    report: str
    scenarios: Mapping[str, float | None]
    jobs: int
    temporal: str
    namespace: str
    toxiproxy: str
    joins: bool
    seed: int
    covered: Sequence[str] = ()
    checks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)

    def to_text(self) -> str:
        """Return them as text."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> TrialOrders:
        """Read them back."""
        return TrialOrders(**json.loads(text))


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run that has ended.

    Attributes:
        name: The scenario.
        verdict: Its verdict.
        oracle: The name of what found the first of its findings; "" for none.
        title: That finding's title.
        seconds: How long it took.
        folder: Its run folder.
        lines: The lines that it executed, by the files of the project; None where that was not measured.
    """

    name: str
    verdict: Verdict
    oracle: str = ""
    title: str = ""
    seconds: float = 0.0
    folder: str = ""
    lines: Mapping[str, Sequence[int]] | None = None


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What a process has reported.

    Attributes:
        runs: The runs that have ended, in that order.
        broken: Why it could not run, "" where it could.
        unavailable: Why that is no fault of the mutant: the servers did not answer; "" where they did.
        finished: Whether it came to its end.
    """

    runs: Sequence[Ran] = ()
    broken: str = ""
    unavailable: str = ""
    finished: bool = False


def write(file: Path, entry: Ran | str | None, *, unavailable: bool = False) -> None:
    """Add an entry to a report: a run, why nothing can run, or None for the end."""
    why = "unavailable" if unavailable else "broken"
    line = asdict(entry) if isinstance(entry, Ran) else {why: entry} if entry else {"finished": True}
    with file.open("a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")


def read(file: Path) -> Reported:
    """Read a report; of a process that was killed, what there is."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    runs: list[Ran] = []
    broken, unavailable, finished = "", "", False
    for line in lines:
        entry = json.loads(line)
        if "broken" in entry:
            broken = entry["broken"]
        elif "unavailable" in entry:
            unavailable = entry["unavailable"]
        elif "finished" in entry:
            finished = True
        else:
            runs.append(Ran(**{**entry, "verdict": Verdict(entry["verdict"])}))
    return Reported(runs=tuple(runs), broken=broken, unavailable=unavailable, finished=finished)
