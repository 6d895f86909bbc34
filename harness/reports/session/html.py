"""The session as one self-contained page that a reviewer looks at: no request leaves it."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]  # it has no stubs

from harness.events import FaultArmed
from harness.files.atomic_file import write_whole
from harness.reports.session.timeline import timeline
from harness.reports.text import cut
from harness.results import GateDecided, Kind, Result, SessionEnded, SessionEvent
from harness.verdict import Verdict, worst

NO_FAULT = "no fault"
"""The column of runs in which nothing was made to go wrong."""


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
    own = files("harness.reports").joinpath("page")
    return _template().render(
        ended=ended,
        decided=event if isinstance(event, GateDecided) else None,
        new=[one for one in event.against if one.kind is Kind.NEW] if isinstance(event, GateDecided) else [],
        counts={verdict.name: sum(one.verdict is verdict for one in ended.results) for verdict in Verdict},
        matrix=matrix(ended.results),
        ran={one.name for one in ended.results},
        # What is red comes first: that is what the page is opened for.
        runs=[_run(one) for one in sorted(ended.results, key=lambda one: (-one.verdict, one.name))],
        style=own.joinpath("page.css").read_text(encoding="utf-8"),
        script=own.joinpath("page.js").read_text(encoding="utf-8"),
        plotly=get_plotlyjs(),
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(str(files("harness.reports").joinpath("page")))
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["cut"] = cut
    return environment.get_template("page.html")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How the runs of one pattern with one kind of fault came out.

    Attributes:
        verdict: The worst of them; None where there is none.
        count: How many there are.
    """

    verdict: Verdict | None = None
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Pattern by fault kind; what nobody has tried shows as a blank.

    Attributes:
        kinds: The columns.
        rows: The cells of each pattern, one a column.
    """

    kinds: tuple[str, ...]
    rows: dict[str, tuple[Cell, ...]]


def matrix(results: Iterable[Result]) -> Matrix:
    """Return which kinds of fault met which patterns, and how that came out."""
    seen: defaultdict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for result in results:
        kinds = {event.fault.partition("@")[0] for event in result.evidence.of(FaultArmed)} or {NO_FAULT}
        for kind in kinds:
            seen[result.name.partition("/")[0], kind].append(result.verdict)
    patterns = sorted({pattern for pattern, _ in seen})
    columns = sorted({kind for _, kind in seen}, key=lambda kind: (kind != NO_FAULT, kind))

    def cell(pattern: str, kind: str) -> Cell:
        told = seen.get((pattern, kind), [])
        return Cell(verdict=worst(told), count=len(told)) if told else Cell()

    return Matrix(
        kinds=tuple(columns), rows={pattern: tuple(cell(pattern, kind) for kind in columns) for pattern in patterns}
    )


def _run(result: Result) -> dict[str, Any]:
    refs = tuple(ref for finding in result.findings for ref in finding.refs)
    shown = timeline(result.evidence, near=refs)
    moments = [{key: value for key, value in asdict(one).items() if value not in (None, ())} for one in shown.moments]
    ending = result.evidence.outcome
    return {
        "result": result,
        "ending": ending.status.value,
        "said": cut(f"{ending.failure}" if ending.failure else f"{ending.result!r}"),
        "left_out": shown.left_out,
        "data": _packed({"lanes": shown.lanes, "moments": moments, "refs": refs}),
    }


def _packed(data: Any) -> str:
    """Data as text that can stand in a page whatever is in it, and small: the page unpacks it when it is looked at."""
    text = json.dumps(data, separators=(",", ":"), default=str).encode("utf-8", errors="backslashreplace")
    return b64encode(zlib.compress(text, 9)).decode("ascii")
