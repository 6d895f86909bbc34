"""What a person sees: progress while it runs, then the table and the first broken expectation of each red run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from harness.evidence.event_json import describe
from harness.reports.text import plain
from harness.results import (
    GateDecided,
    Result,
    RunBegan,
    RunEnded,
    RunEvent,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from harness.verdict import Verdict

COLOUR = {Verdict.PASSED: "green", Verdict.INCONCLUSIVE: "yellow", Verdict.FAILED: "red"}


class TerminalReport:
    """Writes to a console: with a progress bar on a terminal, in plain lines elsewhere.

    Args:
        console: Where to.
        watch: Also write each event of each run as it happens.
    """

    def __init__(self, console: Console, *, watch: bool = False) -> None:
        self._console = console
        self._watch = watch
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        match event:
            case SessionStarted():
                self._begin(event)
            case RunBegan() if self._progress is not None and self._task is not None:
                self._progress.update(self._task, description=event.name)
            case RunEvent() if self._watch:
                self._print(f"[dim]{event.event.at:%H:%M:%S.%f} {plain(describe(event.event))}[/dim]")
            case RunEnded():
                self._line(event.result)
            case SessionEnded():
                self._end(event)
            case GateDecided():
                self._decided(event)
            case _:
                pass

    def _print(self, what: str | Table) -> None:
        # A key such as "trip:car:1" is no picture of a car.
        self._console.print(what, emoji=False)

    def _begin(self, event: SessionStarted) -> None:
        self._print(f"Temporal:  {plain(event.temporal)}")
        self._print(f"Toxiproxy: {plain(event.toxiproxy)}")
        self._print(f"Seed {event.seed}, {len(event.names)} runs, kept in {plain(str(event.folder))}\n")
        if self._console.is_terminal:
            columns = (
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.description}"),
            )
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._task = self._progress.add_task("", total=len(event.names))
            self._progress.start()

    def _line(self, result: Result) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
        self._print(f"{coloured(result.verdict)} {result.name} {result.took.total_seconds():.2f} s")
        if result.note:
            self._print(f"  {plain(result.note)}")

    def _end(self, event: SessionEnded) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._print(_table(event.results))
        for result in event.results:
            for line in _account(result):
                self._print(line)
        for name, count in Counter(event.not_run).items():
            self._print(f"[yellow]not run[/yellow]      {name}{f', {count} times' if count > 1 else ''}")
        for name, count in Counter(event.over_budget).items():
            self._print(f"[yellow]over budget[/yellow]  {name}{f', {count} times' if count > 1 else ''}")
        for name, missing in event.skipped.items():
            self._print(f"[yellow]skipped[/yellow]      {name}: {plain(missing)}")
        if event.interrupted:
            self._print("[yellow]interrupted[/yellow]: what was armed is healed; partial runs are kept.")
        counts = {verdict: sum(result.verdict is verdict for result in event.results) for verdict in Verdict}
        told = ", ".join(f"{count} {verdict.name.lower()}" for verdict, count in counts.items())
        self._print(f"\n{coloured(event.verdict)} {told} in {event.took.total_seconds():.2f} s")
        self._print(f"Report: {plain(str(event.started.folder))}")

    def _decided(self, event: GateDecided) -> None:
        for reason in event.noted:
            self._print(f"[yellow]noted[/yellow]        {plain(str(reason))}")
        for reason in event.against:
            told = f" ({event.triage[reason.name]})" if reason.name in event.triage else ""
            self._print(f"[red]against[/red]      {plain(str(reason))}{told}")
        self._print(f"[{'green' if event.green else 'red'}]GATE[/]         {event.title}")


def coloured(verdict: Verdict) -> str:
    """Return a verdict in its colour, as wide as the widest."""
    return f"[{COLOUR[verdict]}]{verdict.name:<12}[/{COLOUR[verdict]}]"


def _table(results: tuple[Result, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("verdict", "scenario", "time", "findings"):
        table.add_column(heading, justify="right" if heading == "time" else "left", no_wrap=heading != "findings")
    for one in results:
        found = f"{len(one.findings)}: {one.findings[0].title}" if one.findings else ""
        table.add_row(
            coloured(one.verdict),
            one.name,
            f"{one.took.total_seconds():.2f} s",
            Text.from_markup(plain(found), emoji=False),
        )
    return table


def _account(result: Result) -> Iterator[str]:
    """What a red run hands over: the first broken expectation, where it is kept, how to repeat it."""
    if result.verdict is Verdict.PASSED:
        return
    yield f"\n{coloured(result.verdict)} {result.name}"
    yield f"  {plain(str(result.findings[0])).replace(chr(10), chr(10) + '  ')}"
    for finding in result.findings[1:]:
        yield f"  also {plain(f'{finding.oracle}: {finding.title}')}"
    yield f"  seed:   {result.evidence.seed}"
    yield f"  folder: {plain(str(result.folder))}"
    yield f"  repeat: {plain(result.repeat)}"
