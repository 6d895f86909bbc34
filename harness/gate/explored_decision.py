"""What an exploration has to say to a gate, from its JSON report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.results import Kind, Reason
from harness.verdict import Verdict


def reasons_of(report: Mapping[str, Any], *, complete: bool, amber: bool) -> Iterator[Reason]:
    """Say what an exploration found, what is borne of it, and what it left unexplored.

    Args:
        report: The report as JSON data.
        complete: Whether every schedule has to be explored; otherwise what its budget left is noted.
        amber: Whether what is INCONCLUSIVE is noted only.
    """
    name = report["target"]
    for one in report["findings"]:
        told = f"{one['title']} (--only '{one['schedule']}')"
        if one["accepted"]:
            yield Reason(kind=Kind.WAIVED, name=name, finding=one["id"], what=f"{one['title']} {one['accepted']}.")
        elif one["verdict"] == Verdict.FAILED.name:
            yield Reason(kind=Kind.EXPLORED, name=name, finding=one["id"], what=told)
        elif one["verdict"] == Verdict.INCONCLUSIVE.name:
            kind = Kind.INCONCLUSIVE if amber else Kind.EXPLORED
            yield Reason(kind=kind, name=name, finding=one["id"], what=f"{told} It did not come again.")
    if report["interrupted"]:
        yield Reason(kind=Kind.INTERRUPTED, name=name, what="its exploration was ended from outside.")
    elif report["verdict"] == Verdict.INCONCLUSIVE.name and not _told(report):
        why = " ".join(report["unclear"]) or _why(report)
        yield Reason(kind=Kind.INCONCLUSIVE if amber else Kind.EXPLORED, name=name, what=why)
    for share in report["explored"]:
        if share["explored"] < share["of"]:
            what = {1: "singles", 2: "pairs"}.get(share["faults"], f"schedules of {share['faults']} faults")
            left = f"{share['explored']} of {share['of']} {what} were explored."
            yield Reason(kind=Kind.EXPLORED if complete else Kind.SKIPPED, name=name, what=left)


def _why(report: Mapping[str, Any]) -> str:
    """Why an exploration proves less than it should that says nothing of it for all its schedules."""
    if not sum(share["explored"] for share in report["explored"]):
        return "nothing was explored within its budget."
    unclear = [f"{one['name']}: {text}" for one in report.get("schedules", ()) for text in one["unclear"]]
    more = f" (and {len(unclear) - 1} more)" if len(unclear) > 1 else ""
    return f"{unclear[0]}{more}" if unclear else "some faults did not strike as planned, which proves nothing."


def _told(report: Mapping[str, Any]) -> bool:
    """Whether a finding tells already why nothing is proven."""
    return any(one["verdict"] == Verdict.INCONCLUSIVE.name for one in report["findings"])
