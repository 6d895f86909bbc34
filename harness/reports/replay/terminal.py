"""A replay session on a terminal: progress, then each history that does not pass or has drifted, explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from harness.replay.verdicts.coverage import Reached
from harness.replay.verdicts.judgement import Judgement
from harness.replay.verdicts.summary import Summary
from harness.reports.session.terminal import coloured
from harness.reports.text import plain, plural

DRIFT = "drift: "

DRIFTS_SHOWN = 10
"""How many differences of one history are shown here; the JSON report has all."""


class ReplayTerminal:
    """Writes to a console: with a progress bar on a terminal, in plain lines elsewhere.

    Args:
        console: Where to.
        total: How many files there are.
    """

    def __init__(self, console: Console, *, total: int) -> None:
        self._console = console
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._total = total
        self._judged = 0
        self._task = self._progress.add_task("", total=total)
        self._progress.start()

    def notify(self, _: Judgement) -> None:
        """Count one more history; a file may hold several."""
        self._judged += 1
        self._progress.update(self._task, advance=1, total=max(self._total, self._judged))

    def end(self, summary: Summary | None) -> None:
        """Print the judgements, or nothing where there are none."""
        self._progress.stop()
        if summary is None:
            return
        for one in summary.judgements:
            verdict = summary.policy.verdict(one)
            if verdict or one.drifts or one.notes or one.break_age:
                self._print(f"{coloured(verdict)} {plain(one.file)}: {plain(one.title)}")
                for line in account(one):
                    text = plain(line)
                    self._print(f"  [yellow]{text}[/yellow]" if line.startswith(DRIFT) else f"  {text}")
        for expired in summary.policy.expired:
            self._print(f"[yellow]expired[/yellow]: allowed until {expired.until}: {plain(expired.reason)}")
        if summary.reached is not None:
            for line in reach(summary.reached):
                self._print(plain(line))
        if not summary.sandboxed:
            self._print("[yellow]unsandboxed[/yellow]: code that the sandbox forbids was not noticed.")
        counts = plain(summary.counts)
        self._print(f"{coloured(summary.verdict)} {f'[yellow]{counts}[/yellow]' if summary.drifted else counts}")

    def _print(self, what: str) -> None:
        self._console.print(what, emoji=False)


def account(judgement: Judgement) -> Iterator[str]:
    """Yield all that is known of one history, line by line."""
    named = f"{judgement.workflow} {judgement.workflow_id} {judgement.run_id}".strip()
    if named:
        yield named
    if judgement.recorded or judgement.issued:
        yield f"recorded: {judgement.recorded or 'nothing'}"
        yield f"now:      {judgement.issued or 'nothing'}"
    if judgement.site:
        yield f"at:       {judgement.site}"
    if judgement.message and judgement.reason is None:
        yield f"the SDK:  {judgement.message}"
    yield from judgement.excerpt
    if judgement.break_age is not None:
        yield f"{judgement.break_age}."
    if judgement.remedy:
        yield judgement.remedy
    yield from _drifts(judgement)
    yield from judgement.notes


def reach(reached: Reached) -> Iterator[str]:
    """Yield which workflow code the histories reach, line by line."""
    for one in reached.modules:
        counts = f"{one.lines[1]} of {one.lines[0]} lines, {one.branches[1]} of {one.branches[0]} branches"
        yield f"reached: {one.file}: {counts} ({one.share:.0%})"
        for function in one.missed:
            lines = [f"line{'s' * (len(function.lines) > 1)} {_ranges(function.lines)}"] if function.lines else []
            ways = [f"{begin} to {end if end > 0 else 'the end'}" for begin, end in function.branches]
            yield f"  no history reaches {function.name}: {', '.join([*lines, *(f'from {one}' for one in ways)])}"
    for patch in reached.patches:
        name, new, old = (
            ("deprecate_patch", "with its marker", "without")
            if patch.deprecated
            else ("patched", "on the new path", "on the old path")
        )
        told = f"{new}: {patch.new or 'none'}, {old}: {patch.old or 'none'}"
        yield f"{name}({patch.patch!r}){f' in {patch.site}' if patch.site else ''}: histories {told}"


def _ranges(lines: Sequence[int]) -> str:
    """Return "3, 7-9"."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1][1:] = [line]
        else:
            parts.append([line])
    return ", ".join("-".join(map(str, one)) for one in parts)


def _drifts(judgement: Judgement) -> Iterator[str]:
    shown: Sequence[object] = judgement.drifts[:DRIFTS_SHOWN]
    yield from (f"{DRIFT}{one}" for one in shown)
    if len(judgement.drifts) > len(shown):
        yield f"{DRIFT}and {len(judgement.drifts) - len(shown)} more; the JSON report has all."
    if judgement.allowed:
        yield f"{plural(judgement.allowed, 'difference')} allowed by the allow-list."
