"""What a person sees: progress while it runs, then the table and the first broken expectation of each red run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from harness.events import describe
from harness.result import Result, RunBegan, RunEnded, RunTold, SessionEnded, SessionEvent, SessionStarted
from harness.verdict import Verdict

_COLOUR = {Verdict.PASSED: "green", Verdict.INCONCLUSIVE: "yellow", Verdict.FAILED: "red"}


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

    def tell(self, event: SessionEvent) -> None:
        """Take one event."""
        match event:
            case SessionStarted():
                self._begin(event)
            case RunBegan() if self._progress is not None and self._task is not None:
                self._progress.update(self._task, description=event.name)
            case RunTold() if self._watch:
                self._console.print(f"[dim]{event.event.at:%H:%M:%S.%f} {escape(describe(event.event))}[/dim]")
            case RunEnded():
                self._line(event.result)
            case SessionEnded():
                self._end(event)
            case _:
                pass

    def _begin(self, event: SessionStarted) -> None:
        self._console.print(f"Temporal:  {escape(event.temporal)}")
        self._console.print(f"Toxiproxy: {escape(event.toxiproxy)}")
        self._console.print(f"Seed {event.seed}, {len(event.names)} runs, kept in {escape(str(event.folder))}\n")
        if self._console.is_terminal:
            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._task = self._progress.add_task("", total=len(event.names))
            self._progress.start()

    def _line(self, result: Result) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
        self._console.print(f"{_verdict(result.verdict)} {result.name} {result.took.total_seconds():.2f} s")
        if result.note:
            self._console.print(f"  {escape(result.note)}")

    def _end(self, event: SessionEnded) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._console.print(_table(event.results))
        for result in event.results:
            for line in _account(result):
                self._console.print(line)
        for name, count in Counter(event.not_run).items():
            self._console.print(f"[yellow]not run[/yellow]      {name}{f', {count} times' if count > 1 else ''}")
        for name, missing in event.left_out.items():
            self._console.print(f"[yellow]left out[/yellow]     {name}: {escape(missing)}")
        if event.interrupted:
            self._console.print("[yellow]interrupted[/yellow]: what was armed is healed; partial runs are kept.")
        counts = {verdict: sum(result.verdict is verdict for result in event.results) for verdict in Verdict}
        told = ", ".join(f"{count} {verdict.name.lower()}" for verdict, count in counts.items())
        self._console.print(f"\n{_verdict(event.verdict)} {told} in {event.took.total_seconds():.2f} s")
        self._console.print(f"Report: {escape(str(event.started.folder))}")


def _verdict(verdict: Verdict) -> str:
    return f"[{_COLOUR[verdict]}]{verdict.name:<12}[/{_COLOUR[verdict]}]"


def _table(results: tuple[Result, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("verdict", "scenario", "time", "findings"):
        table.add_column(heading, justify="right" if heading == "time" else "left", no_wrap=heading != "findings")
    for one in results:
        found = f"{len(one.findings)}: {one.findings[0].title}" if one.findings else ""
        table.add_row(_verdict(one.verdict), one.name, f"{one.took.total_seconds():.2f} s", escape(found))
    return table


def _account(result: Result) -> Iterator[str]:
    """What a red run hands over: the first broken expectation, where it is kept, how to repeat it."""
    if result.verdict is Verdict.PASSED:
        return
    yield f"\n{_verdict(result.verdict)} {result.name}"
    yield f"  {escape(str(result.findings[0])).replace(chr(10), chr(10) + '  ')}"
    for finding in result.findings[1:]:
        yield f"  also {escape(f'{finding.oracle}: {finding.title}')}"
    yield f"  seed:   {result.evidence.seed}"
    yield f"  folder: {escape(str(result.folder))}"
    yield f"  repeat: {escape(result.repeat)}"
