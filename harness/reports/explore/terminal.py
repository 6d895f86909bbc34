"""What a person sees of an exploration: progress, the matrix, then each finding as a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from harness.explore.search.exploration import Exploration, SmallestFailure
from harness.explore.search.judge import EXCLUDED, Judged
from harness.reports.explore.matrix import BROKE, matrix, tables
from harness.reports.explore.story import story, timeline
from harness.reports.text import COLOUR, one_line, plain, plural
from harness.verdict import Verdict

UNCLEAR = 600
"""How many characters are shown of why something proves nothing."""

ALSO = 12
"""How many other calls are shown at which one mistake was found; the JSON report has all of them."""

LEGEND = (
    "ok: everything holds; BROKE: something does not; ?: proves nothing; "
    f"excluded: not counted, since {EXCLUDED}; .: this fault cannot be injected there"
)

LEGEND_OF_SAME = "; same: nothing else is broken than without any fault"


class ExplorationOnTerminal:
    """Writes to a console, with a progress bar on a terminal.

    Args:
        console: Where to.
        watch: Also write each schedule as it is judged.
    """

    def __init__(self, console: Console, *, watch: bool = False) -> None:
        self._console = console
        self._watch = watch
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def notify(self, judged: Judged, done: int, of: int) -> None:
        """Take one judged schedule."""
        if self._console.is_terminal:
            if self._progress is None:
                columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
                self._progress = Progress(*columns, console=self._console, transient=True)
                self._task = self._progress.add_task("", total=of)
                self._progress.start()
            assert self._task is not None  # noqa: S101 - made together with the bar
            self._progress.update(self._task, completed=done, total=of, description=str(judged.schedule))
        if self._watch:
            self._print(f"{_verdict(judged.verdict)} {plain(str(judged.schedule))}")

    def end(self, exploration: Exploration, *, repeat: str) -> None:
        """Write the whole report.

        Args:
            exploration: What came out.
            repeat: The command that repeats a schedule, up to its name.
        """
        if self._progress is not None:
            self._progress.stop()
        for note in exploration.notes:
            self._print(f"[dim]note: {plain(note)}[/dim]")
        for one in exploration.not_tried:
            self._print(f"[dim]not tried: {plain(one)}[/dim]")
        if exploration.points:
            for kinds, rows in tables(*matrix(exploration)):
                self._print(_table(kinds, rows))
            same = LEGEND_OF_SAME if any(one.known for one in exploration.judged) else ""
            self._print(f"[dim]{LEGEND}{same}[/dim]")
        for line in _findings(exploration, repeat):
            self._print(line)
        shares = ", ".join(map(str, exploration.shares))
        seconds = exploration.took.total_seconds()
        explored = f"explored {shares}" if shares else "explored nothing beyond the fault-free run"
        explored += f", {exploration.resumed} of them before," if exploration.resumed else ""
        remark = f"; {plain(exploration.remark)}." if exploration.remark else ""
        self._print(f"\n{_verdict(exploration.verdict)} {explored} in {seconds:.1f} s{remark}")

    def _print(self, what: str | Table) -> None:
        self._console.print(what, emoji=False)


def _table(kinds: list[str], rows: list[tuple[str, list[str]]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("call", no_wrap=True)
    for kind in kinds:
        table.add_column(kind, justify="center", overflow="fold")
    for call, cells in rows:
        table.add_row(plain(call), *(f"[red]{cell}[/red]" if cell == BROKE else cell for cell in cells))
    return table


def _findings(exploration: Exploration, repeat: str) -> Iterator[str]:
    excluded = [one for one in exploration.findings if one.excluded]
    unconfirmed = [one for one in exploration.findings if not one.confirmed and not one.excluded]
    cancelled = False
    for number, (finding, *also) in enumerate(_mistakes(exploration), start=1):
        if finding.cancels and not cancelled:
            cancelled = True
            yield "\nFound only where somebody cancels the workflow:"
        yield from _finding(finding, also, f"finding {number}", repeat)
    if excluded:
        yield f"\nNot counted as failures ({EXCLUDED}):"
        yield from (f"  {plain(str(one.schedule))}: {plain(one_line(one.title))}" for one in excluded)
    if unconfirmed:
        yield "\nNot confirmed (seen in simulation only, and not when the schedule was run on the real server):"
        yield from (f"  {plain(str(one.schedule))}: {plain(one_line(one.title))}" for one in unconfirmed)
    if exploration.advice:
        yield "\nAdvice, not counted as failures:"
        yield from (
            f"  {plain(str(one.schedule))}{_and_others(len(one.others))}: {plain(one_line(one.title))}"
            for one in exploration.advice
        )
    yield from _unclear(exploration)
    if exploration.left_out:
        yield f"left out by the target: {plain(', '.join(map(str, exploration.left_out)))}"
    if exploration.interrupted:
        yield "[yellow]interrupted[/yellow]: this is what was explored until then; `--resume` continues from it."


def _unclear(exploration: Exploration) -> Iterator[str]:
    unclear = [*exploration.unclear]
    chance: list[str] = []
    for judged in exploration.judged:
        if not exploration.is_left_to_chance(judged):
            unclear += [f"{judged.schedule}: {one}" for one in judged.unclear]
        elif judged.unclear and len(judged.schedule.faults) == 1:
            chance.append(str(judged.schedule))
    for one in dict.fromkeys(unclear):
        yield f"[yellow]proves nothing[/yellow]  {plain(one_line(one, UNCLEAR))}"
    if chance:
        yield f"not explored, since a race decides whether the call is made: {plain(', '.join(chance))}"


def _mistakes(exploration: Exploration) -> list[list[SmallestFailure]]:
    """Return the findings that count, those that are one mistake together."""
    found: list[list[SmallestFailure]] = []
    for one in exploration.findings:
        if one.excluded or not one.confirmed:
            continue
        if one.same_as is None or not found:
            found.append([])
        found[-1].append(one)
    return found


def _finding(finding: SmallestFailure, also: Sequence[SmallestFailure], heading: str, repeat: str) -> Iterator[str]:
    verdict = "waived by the baseline" if finding.waived else finding.verdict.name
    yield f"\n[{COLOUR[finding.verdict]}]{heading}: {verdict}[/{COLOUR[finding.verdict]}]"
    yield from (f"  {plain(line)}" for line in story(finding))
    if finding.waived:
        yield f"    {plain(finding.waived)}"
    if finding.repeats is False:
        yield "    it did not come again when its schedule was run once more"
    yield f"    schedule: {plain(str(finding.schedule))}{_and_others(len(finding.others))}"
    if finding.schedule.faults:
        yield f"    repeat: {plain(repeat)} --only '{plain(str(finding.schedule))}'"
    if also:
        yield f"    the same at {plural(len(also), 'other call')}:"
        yield from (f"      {plain(str(one.schedule))}{_and_others(len(one.others))}" for one in also[:ALSO])
        if len(also) > ALSO:
            yield f"      ... {len(also) - ALSO} more, see the JSON report"
    yield "    timeline, in milliseconds:"
    yield from (f"      {plain(line)}" for line in timeline(finding))


def _and_others(others: int) -> str:
    return f", and {others} more" if others else ""


def _verdict(verdict: Verdict) -> str:
    return f"[{COLOUR[verdict]}]{verdict.name:<12}[/{COLOUR[verdict]}]"
