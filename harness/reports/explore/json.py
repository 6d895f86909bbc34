"""An exploration as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from harness.explore.search.exploration import Exploration, Share, SmallestFailure
from harness.explore.search.judge import Judged
from harness.files.places import Place
from harness.reports import json_form
from harness.reports.explore.matrix import matrix
from harness.reports.explore.story import story, timeline
from harness.reports.json_form import HarmName, Moment, VerdictName

FORMAT: Final = 2
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


@dataclass(frozen=True, kw_only=True)
class MatrixJson:
    """What each kind of fault did at each call.

    Attributes:
        kinds: The kinds of fault, in the order of the columns.
        calls: By call, what each kind did there: "ok", "BROKE", "?", "excluded", "same", "." where it cannot be
            injected, "" where it was not explored.
    """

    kinds: tuple[str, ...]
    calls: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class ScheduleJson:
    """One schedule that was run.

    Attributes:
        ended: How the workflow ended.
        effects: The calls that took effect, in their order.
        broken: What does not hold.
        excluded: What does not hold and does not count.
        unclear: Why it proves nothing.
    """

    name: str
    verdict: VerdictName
    ended: str
    effects: tuple[str, ...]
    broken: tuple[str, ...]
    excluded: tuple[str, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SmallestFailureJson:
    """A finding at one call, with the smallest schedule that shows it.

    Attributes:
        id: What a baseline knows it by, from one exploration to the next.
        invariant: What does not hold.
        place: The line of the application that it is about, where that is known.
        schedule: The smallest schedule.
        calls: The calls that were hit.
        same_as: The schedule of the finding that is the same mistake and was found first; null for that one.
        needs_cancellation: Whether somebody cancels the workflow in its schedule.
        others: Further schedules that show it at the same call.
        repeats: Whether it came again when the schedule was run once more, alone; null if it was not.
        confirmed: Whether it was seen on a real server; what was seen in simulation only does not count.
        excluded: Why it does not count; "" when it does.
        waived: Until when the baseline waives it, and why; "" when it does not.
    """

    id: str
    invariant: str
    verdict: VerdictName
    harm: HarmName
    title: str
    place: Place | None
    schedule: str
    calls: tuple[str, ...]
    same_as: str | None
    needs_cancellation: bool
    others: tuple[str, ...]
    repeats: bool | None
    confirmed: bool
    excluded: str
    waived: str
    story: tuple[str, ...]
    timeline: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExplorationJson:
    """An exploration.

    Attributes:
        format: The version of the form.
        target: What was explored, as the command line named it.
        explored: How much was explored, by the number of faults in a schedule.
        tried_again: How many runs shrinking and repeating took.
        resumed: How many of the runs are those of the exploration that this one resumed.
        advice: Findings that fail nothing.
        left_out: Faults that the target did not want.
        not_tried: At what no fault is injected, one sentence each.
        unclear: Why it proves less than it should.
        left_to_chance: The calls that only some runs without any fault make.
    """

    format: Literal[2]
    target: str
    verdict: VerdictName
    interrupted: bool
    began_at: Moment
    seconds: float
    explored: tuple[Share, ...]
    tried_again: int
    resumed: int
    matrix: MatrixJson
    schedules: tuple[ScheduleJson, ...]
    findings: tuple[SmallestFailureJson, ...]
    advice: tuple[SmallestFailureJson, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    not_tried: tuple[str, ...]
    remark: str
    unclear: tuple[str, ...]
    left_to_chance: tuple[str, ...]


def write_json(exploration: Exploration, path: Path) -> None:
    """Write the report to a file."""
    json_form.write(_exploration(exploration), path)


def _exploration(one: Exploration) -> ExplorationJson:
    kinds, rows = matrix(one)
    calls = {call: dict(zip(kinds, cells, strict=True)) for call, cells in rows}
    return ExplorationJson(
        format=FORMAT,
        target=one.target,
        verdict=one.verdict.name,
        interrupted=one.interrupted,
        began_at=one.began.isoformat(),
        seconds=one.took.total_seconds(),
        explored=one.shares,
        tried_again=one.tried_again,
        resumed=one.resumed,
        matrix=MatrixJson(kinds=tuple(kinds), calls=calls),
        schedules=tuple(map(_schedule, one.judged)),
        findings=tuple(_finding(one, found) for found in one.findings),
        advice=tuple(_finding(one, found) for found in one.advice),
        left_out=tuple(map(str, one.left_out)),
        notes=one.notes,
        not_tried=one.not_tried,
        remark=one.remark,
        unclear=one.unclear,
        left_to_chance=tuple(sorted(map(str, one.sometimes))),
    )


def _schedule(judged: Judged) -> ScheduleJson:
    return ScheduleJson(
        name=str(judged.schedule),
        verdict=judged.verdict.name,
        ended=str(judged.run.outcome.status),
        effects=tuple(str(effect.call) for effect in judged.run.effects),
        broken=tuple(f"{one.oracle}: {one.title}" for one in judged.broken if not one.excluded),
        excluded=tuple(f"{one.oracle}: {one.title}" for one in judged.broken if one.excluded),
        unclear=tuple(judged.unclear),
    )


def _finding(exploration: Exploration, one: SmallestFailure) -> SmallestFailureJson:
    return SmallestFailureJson(
        id=one.id,
        invariant=one.finding.oracle,
        verdict=one.verdict.name,
        harm=one.finding.harm.name,
        title=one.title,
        place=next(iter(exploration.places(one)), None),
        schedule=str(one.schedule),
        calls=one.calls,
        same_as=None if one.same_as is None else str(one.same_as),
        needs_cancellation=one.cancels,
        others=tuple(map(str, one.others)),
        repeats=one.repeats,
        confirmed=one.confirmed,
        excluded=one.excluded,
        waived=one.waived,
        story=tuple(story(one)),
        timeline=tuple(timeline(one)),
    )
