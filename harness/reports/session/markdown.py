"""The session as Markdown: what a reviewer reads on the page of a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness.files.atomic_file import write_whole
from harness.reports.causes import Cause, Reasons, alike, causes
from harness.reports.source import place_of
from harness.reports.text import DETAIL, code, code_block, cut, duration, markdown, plural
from harness.results import GateDecided, SessionEnded, SessionEvent
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
    counted = ", ".join(f"{counts[verdict]} {verdict.name.lower()}" for verdict in Verdict)
    lines += ["", f"{counted} in {duration(ended.took)}."]
    if ended.interrupted:
        lines.append("**The session was interrupted; this report is partial.**")
    lines += ["", *_patterns(ended)]
    for cause in causes(ended.results):
        lines += ["", *_account(cause)]
    return "\n".join(lines) + "\n"


def _decision(event: GateDecided) -> Iterator[str]:
    yield f"## Gate: {event.title}"
    if event.reasons:
        yield ""
    yield from (f"- {_reason(one)}" for one in alike(event.reasons, event.triage))
    if event.notes:
        yield ""
        yield f"<details><summary>{plural(len(event.notes), 'note')}</summary>"
        yield ""
        yield from (f"- {_reason(one)}" for one in alike(event.notes, event.triage))
        yield ""
        yield "</details>"


def _reason(reasons: Reasons) -> str:
    first, triage = reasons.first, reasons.triage
    what = markdown(": ".join(one for one in (first.finding, first.what) if one))
    if len(reasons.names) > 1:
        names = (f"{code(one)}{f' _({triage[one]})_' if one in triage else ''}" for one in reasons.names)
        return f"**{first.kind}** {what} In {', '.join(names)}."
    about = f" {code(first.name)}" if first.name else ""
    return f"**{first.kind}**{about} {what}{f' _({triage[first.name]})_' if triage else ''}"


def _patterns(ended: SessionEnded) -> Iterator[str]:
    yield "| pattern | passed | inconclusive | failed | not run |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    never = Counter(name.partition("/")[0] for name in (*ended.not_run, *ended.over_budget, *ended.skipped))
    patterns = {result.name.partition("/")[0] for result in ended.results} | set(never)
    for pattern in sorted(patterns):
        counts = Counter(one.verdict for one in ended.results if one.name.partition("/")[0] == pattern)
        cells = " | ".join(str(counts[verdict] or "") for verdict in Verdict)
        yield f"| {markdown(pattern)} | {cells} | {never[pattern] or ''} |"


def _account(cause: Cause) -> Iterator[str]:
    lead, example = cause.lead.finding, cause.example
    yield f"### {cause.verdict} {markdown(f'{lead.oracle}: {lead.title}')}"
    yield ""
    if len(cause.names) > 1:
        yield f"{plural(len(cause.names), 'scenario')}, probably one cause."
        yield ""
    for symptom in cause.symptoms:
        names = ", ".join(map(code, symptom.names))
        yield f"- {markdown(f'{symptom.finding.oracle}: {symptom.finding.title}')} In {names}."
    if lead.detail:
        yield from ("", code_block(cut(lead.detail, DETAIL).splitlines()))
    place = place_of(example, lead)
    yield from ("", f"Code: {code(str(place))}.") if place else ()
    yield ""
    yield f"Repeat {code(example.name)} with {code(example.repeat)}; its run folder is {code(str(example.folder))}."
