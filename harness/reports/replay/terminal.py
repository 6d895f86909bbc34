"""A replay session on a terminal: progress, then each history that does not pass or has drifted, explained."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from harness.files.printable import say
from harness.replay.verdicts.coverage import Reached
from harness.replay.verdicts.judgement import Judgement
from harness.replay.verdicts.summary import Summary
from harness.reports.progress import ProgressLine
from harness.reports.text import COLOUR, plural
from harness.verdict import Verdict

DRIFT = "drift: "

YELLOW: dict[str, Any] = {"fg": "yellow"}

DRIFTS_SHOWN = 10
"""How many differences of one history are shown here; the JSON report has all."""


class ReplayTerminal:
    """Writes to standard output: with a line of progress on a terminal, in plain lines elsewhere.

    Args:
        total: How many files there are.
    """

    def __init__(self, *, total: int) -> None:
        self._progress = ProgressLine(sys.stdout)
        self._total = total
        self._judged = 0

    def notify(self, _: Judgement) -> None:
        """Count one more history; a file may hold several."""
        self._judged += 1
        self._progress.show(f"{self._judged} of {max(self._total, self._judged)}")

    def end(self, summary: Summary | None) -> None:
        """Print the judgements, or nothing where there are none."""
        self._progress.clear()
        if summary is None:
            return
        for one in summary.judgements:
            verdict = summary.policy.verdict(one)
            if verdict or one.drifts or one.notes or one.break_age:
                _say(verdict, f"{one.file}: {one.title}")
                for line in account(one):
                    say(f"  {line}", **(YELLOW if line.startswith(DRIFT) else {}))
        for expired in summary.policy.expired:
            say(f": allowed until {expired.until}: {expired.reason}", mark="expired", **YELLOW)
        if summary.reached is not None:
            for line in reach(summary.reached):
                say(line)
        if not summary.sandboxed:
            say(": code that the sandbox forbids was not noticed.", mark="unsandboxed", **YELLOW)
        _say(summary.verdict, summary.counts)


def _say(verdict: Verdict, text: str) -> None:
    say(f" {text}", mark=f"{verdict.name:<12}", fg=COLOUR[verdict])


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
