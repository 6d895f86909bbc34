"""The session as one self-contained page for a reviewer: it sends no request."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.events import FaultArmed
from harness.extras import Extra, installed, why_missing
from harness.files.atomic_file import write_whole
from harness.reports.causes import Cause, alike, causes
from harness.reports.session.timeline import timeline
from harness.reports.source import place_of
from harness.reports.text import cut, duration, plural
from harness.results import GateDecided, Result, SessionEnded, SessionEvent
from harness.verdict import Verdict, worst

if TYPE_CHECKING:
    import jinja2

NO_FAULT = "no fault"
"""The column of runs without a fault."""


class HtmlReport:
    """Writes the page when the session has ended, or when a gate has decided over it.

    Args:
        path: Which file.
        decided: Whether a gate decides over the session; the page is then made once, with its decision.
    """

    def __init__(self, path: Path, *, decided: bool = False) -> None:
        self._path = path
        self._when = GateDecided if decided else SessionEnded

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, self._when):
            write_whole(self._path, page(event))


def page(event: SessionEnded | GateDecided) -> str:
    """Return the session, or the gate's decision over it, as a page."""
    ended = event.ended if isinstance(event, GateDecided) else event
    # What is red comes first: that is what the page is opened for.
    runs = sorted(ended.results, key=lambda one: (-one.verdict, one.name))
    anchors = _anchors(runs)
    links: dict[str, str] = {}
    for one in runs:
        links.setdefault(one.name, anchors[id(one)])
    own = files("harness.reports").joinpath("page")
    return _template().render(
        ended=ended,
        reasons=alike(event.reasons, event.triage) if isinstance(event, GateDecided) else (),
        notes=alike(event.notes, event.triage) if isinstance(event, GateDecided) else (),
        decided=event if isinstance(event, GateDecided) else None,
        counts={verdict.name: sum(one.verdict is verdict for one in ended.results) for verdict in Verdict},
        title=_title(event),
        causes=[_cause(one, anchors) for one in causes(ended.results)],
        matrix=matrix(ended.results),
        links=links,
        runs=[_run(one, anchors) for one in runs],
        style=own.joinpath("page.css").read_text(encoding="utf-8"),
        script=own.joinpath("page.js").read_text(encoding="utf-8"),
        plotly=_plotly(),
        undrawn=f"The timeline would be here; {why_missing('it', [Extra.REPORT])}",
    )


def _plotly() -> str:
    if not installed("plotly"):
        return ""
    from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no stubs; [report] brings it

    return str(get_plotlyjs())


@cache
def _template() -> jinja2.Template:
    import jinja2  # noqa: PLC0415 - [server] brings it

    loader = jinja2.FileSystemLoader(str(files("harness.reports").joinpath("page")))
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters |= {"cut": cut, "duration": duration, "plural": plural}
    return environment.get_template("page.html")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The runs of one pattern with one kind of fault.

    Attributes:
        verdict: The worst of them; None without runs.
        count: How many there are.
    """

    verdict: Verdict | None = None
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Pattern by kind of fault; a combination without a run is blank.

    Attributes:
        kinds: The columns.
        rows: The cells of each pattern, one a column.
    """

    kinds: tuple[str, ...]
    rows: dict[str, tuple[Cell, ...]]


def matrix(results: Iterable[Result]) -> Matrix:
    """Return which kinds of fault were injected into which patterns, and the verdicts."""
    seen: defaultdict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for result in results:
        kinds = {event.fault.partition("@")[0] for event in result.evidence.of(FaultArmed)} or {NO_FAULT}
        for kind in kinds:
            seen[result.name.partition("/")[0], kind].append(result.verdict)
    patterns = sorted({pattern for pattern, _ in seen})
    columns = sorted({kind for _, kind in seen}, key=lambda kind: (kind != NO_FAULT, kind))

    def cell(pattern: str, kind: str) -> Cell:
        verdicts = seen.get((pattern, kind), [])
        return Cell(verdict=worst(verdicts), count=len(verdicts)) if verdicts else Cell()

    return Matrix(
        kinds=tuple(columns), rows={pattern: tuple(cell(pattern, kind) for kind in columns) for pattern in patterns}
    )


def _title(event: SessionEnded | GateDecided) -> str:
    """What a person recognises the page by among a browser's tabs: verdict, counts, command and date."""
    ended = event.ended if isinstance(event, GateDecided) else event
    red = sum(one.verdict is not Verdict.PASSED for one in ended.results)
    runs = plural(len(ended.results), "run")
    counts = f"{red} of {runs} not passed" if red else f"{runs} passed"
    decision = event.title if isinstance(event, GateDecided) else ended.verdict.name
    date = f"{ended.started.at:%Y-%m-%d %H:%M UTC}"
    return " · ".join(one for one in (f"{decision} ({counts})", ended.started.command, date) if one)


def _anchors(runs: Sequence[Result]) -> dict[int, str]:
    """The id in the page of each run; one that is repeated has its number in it."""
    seen: Counter[str] = Counter()
    anchors = {}
    for one in runs:
        seen[one.name] += 1
        anchors[id(one)] = f"run-{one.name}{f'-{seen[one.name]}' if seen[one.name] > 1 else ''}"
    return anchors


def _cause(cause: Cause, anchors: Mapping[int, str]) -> dict[str, Any]:
    place = place_of(cause.example, cause.lead.finding)
    return {"cause": cause, "example": anchors[id(cause.example)], "place": place}


def _run(result: Result, anchors: Mapping[int, str]) -> dict[str, Any]:
    refs = tuple(ref for finding in result.findings for ref in finding.refs)
    shown = timeline(result.evidence, near=refs)
    moments = [{key: value for key, value in asdict(one).items() if value not in (None, ())} for one in shown.moments]
    ending = result.evidence.outcome
    return {
        "result": result,
        "anchor": anchors[id(result)],
        "ending": ending.status.value,
        "value": cut(f"{ending.failure}" if ending.failure else f"{ending.result!r}"),
        "left_out": shown.left_out,
        "data": _packed({"lanes": shown.lanes, "moments": moments, "refs": refs}),
    }


def _packed(data: Any) -> str:
    """Data as small text that is safe in a page; the page unpacks it when it is needed."""
    text = json.dumps(data, separators=(",", ":"), default=str).encode("utf-8", errors="backslashreplace")
    return b64encode(zlib.compress(text, 9)).decode("ascii")
