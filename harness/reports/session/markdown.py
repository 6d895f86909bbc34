"""The session as Markdown: what a reviewer reads on the page of a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness.files.atomic_file import write_whole
from harness.reports.text import code, markdown
from harness.results import GateDecided, Result, SessionEnded, SessionEvent
from harness.verdict import Verdict


class MarkdownReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, SessionEnded | GateDecided):
            write_whole(self._path, summary(event))


def summary(event: SessionEnded | GateDecided) -> str:
    """Return the session, or the gate's decision over it, as Markdown."""
    ended = event.ended if isinstance(event, GateDecided) else event
    lines = [*_decision(event)] if isinstance(event, GateDecided) else [f"## {ended.verdict}"]
    counts = Counter(result.verdict for result in ended.results)
    told = ", ".join(f"{counts[verdict]} {verdict.name.lower()}" for verdict in Verdict)
    lines += ["", f"{told} in {ended.took.total_seconds():.0f} s."]
    if ended.interrupted:
        lines.append("**The session was ended from outside; this is partial.**")
    lines += ["", *_patterns(ended)]
    for result in ended.results:
        if result.verdict is not Verdict.PASSED:
            lines += ["", *_account(result)]
    return "\n".join(lines) + "\n"


def _decision(event: GateDecided) -> Iterator[str]:
    yield f"## Gate: {event.title}"
    if event.against:
        yield ""
    for reason in event.against:
        told = f" _({event.triage[reason.name]})_" if reason.name in event.triage else ""
        where = f" {code(reason.name)}" if reason.name else ""
        yield f"- **{reason.kind}**{where} {markdown(reason.finding)}: {markdown(reason.what)}{told}".replace(
            " : ", ": "
        )
    if event.noted:
        yield ""
        yield f"<details><summary>{len(event.noted)} noted</summary>"
        yield ""
        for reason in event.noted:
            yield f"- {reason.kind} {code(reason.name)} {markdown(reason.finding)}: {markdown(reason.what)}"
        yield ""
        yield "</details>"


def _patterns(ended: SessionEnded) -> Iterator[str]:
    yield "| pattern | passed | inconclusive | failed | not run |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    never = Counter(name.partition("/")[0] for name in (*ended.not_run, *ended.over_budget, *ended.skipped))
    patterns = {result.name.partition("/")[0] for result in ended.results} | set(never)
    for pattern in sorted(patterns):
        counts = Counter(one.verdict for one in ended.results if one.name.partition("/")[0] == pattern)
        cells = " | ".join(str(counts[verdict] or "") for verdict in Verdict)
        yield f"| {markdown(pattern)} | {cells} | {never[pattern] or ''} |"


def _account(result: Result) -> Iterator[str]:
    yield f"### {result.verdict} {code(result.name)}"
    yield ""
    for finding in result.findings:
        yield f"- {markdown(finding.oracle)}: {markdown(finding.title)}"
    yield ""
    yield f"Repeat it with {code(result.repeat)}; it is kept in {code(str(result.folder))}."
