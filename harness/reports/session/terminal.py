"""What a person sees: progress while it runs, then the table, and what is broken grouped by its probable cause."""

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
from harness.reports.causes import Cause, alike, causes, listed
from harness.reports.source import place_of
from harness.reports.text import COLOUR, DETAIL, cut, duration, one_line, plain, plural
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
        self._print(f"Seed {event.seed}, {plural(len(event.names), 'run')}, kept in {plain(str(event.folder))}\n")
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
        self._print(f"{coloured(result.verdict)} {result.name} {duration(result.took)}")
        if result.note:
            self._print(f"  {plain(result.note)}")

    def _end(self, event: SessionEnded) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._print(_table(event.results))
        for cause in causes(event.results):
            for line in _account(cause):
                self._print(line)
        for name, count in Counter(event.not_run).items():
            self._print(f"[yellow]not run[/yellow]      {plain(name)}{f', {count} times' if count > 1 else ''}")
        for name, count in Counter(event.over_budget).items():
            self._print(f"[yellow]over budget[/yellow]  {name}{f', {count} times' if count > 1 else ''}")
        for name, missing in event.skipped.items():
            self._print(f"[yellow]skipped[/yellow]      {name}: {plain(missing)}")
        if event.interrupted:
            self._print("[yellow]interrupted[/yellow]: what was armed is healed; partial runs are kept.")
        counts = {verdict: sum(result.verdict is verdict for result in event.results) for verdict in Verdict}
        counted = ", ".join(f"{count} {verdict.name.lower()}" for verdict, count in counts.items())
        self._print(f"\n{coloured(event.verdict)} {counted} in {duration(event.took)}")
        self._print(f"Report: {plain(str(event.started.folder))}")

    def _decided(self, event: GateDecided) -> None:
        for reason in alike(event.notes, event.triage):
            self._print(f"[yellow]note[/yellow]         {plain(str(reason))}")
        for reason in alike(event.reasons, event.triage):
            self._print(f"[red]reason[/red]       {plain(str(reason))}")
        self._print(f"[{'green' if event.green else 'red'}]GATE[/]         {event.title}")


def coloured(verdict: Verdict) -> str:
    """Return a verdict in its colour, as wide as the widest."""
    return f"[{COLOUR[verdict]}]{verdict.name:<12}[/{COLOUR[verdict]}]"


def _table(results: tuple[Result, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("verdict", "scenario", "time", "findings"):
        table.add_column(heading, justify="right" if heading == "time" else "left", no_wrap=heading != "findings")
    for one in results:
        found = f"{len(one.findings)}: {one_line(one.findings[0].title)}" if one.findings else ""
        table.add_row(
            coloured(one.verdict),
            one.name,
            duration(one.took),
            # One line for each run: where there is no room for a title, its end is left out.
            Text(found, no_wrap=True, overflow="ellipsis"),
        )
    return table


def _account(cause: Cause) -> Iterator[str]:
    """What a person needs to look into a cause: what is broken, in which scenarios, where, and how to repeat it."""
    several, example, lead = len(cause.names) > 1, cause.example, cause.lead.finding
    title = f"{plural(len(cause.names), 'scenario')}, probably one cause" if several else cause.names[0]
    yield f"\n{coloured(cause.verdict)} {plain(title)}"
    for symptom in cause.symptoms:
        also = "" if symptom is cause.lead else "also "
        yield f"  {also}{plain(f'{symptom.finding.oracle}: {cut(symptom.finding.title)}')}"
        if symptom is cause.lead and lead.detail:
            yield from (f"      {plain(line)}" for line in cut(lead.detail, DETAIL).splitlines())
        if several:
            yield f"    in {plain(listed(symptom.names))}"
    if several:
        yield f"  example: {plain(example.name)}"
    place = place_of(example, lead)
    yield from [f"  code:    {plain(str(place))}"] if place else []
    yield f"  seed:    {example.evidence.seed}"
    yield f"  folder:  {plain(str(example.folder))}"
    yield f"  repeat:  {plain(example.repeat)}"
