"""A replay session as JSON, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from harness.replay.verdicts.coverage import Reached
from harness.replay.verdicts.judgement import Judgement
from harness.replay.verdicts.summary import Summary
from harness.reports import json_form
from harness.reports.json_form import VerdictName

FORMAT: Final = 1
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


@dataclass(frozen=True, kw_only=True)
class HistoryJson(Judgement):
    """One history: its judgement, and the verdict that follows from it under the options of the command."""

    verdict: VerdictName


@dataclass(frozen=True, kw_only=True)
class ReplayJson:
    """A session of replays.

    Attributes:
        format: The version of the form.
        strict: Whether every drift failed.
        open_only: Whether only what breaks runs that are still open failed.
        sandboxed: Whether workflows ran in the SDK's sandbox, as on a worker.
        against: The revision that the code was compared with, "" for the histories.
        events: How many events were replayed.
        coverage: What of the workflow code the histories reach; null where that was not measured.
    """

    format: Literal[1]
    verdict: VerdictName
    strict: bool
    open_only: bool
    sandboxed: bool
    against: str
    seconds: float
    events: int
    coverage: Reached | None
    histories: tuple[HistoryJson, ...]


def write(summary: Summary, path: Path) -> None:
    """Write the file."""
    policy = summary.policy
    session = ReplayJson(
        format=FORMAT,
        verdict=summary.verdict.name,
        strict=policy.strict,
        open_only=policy.open_only,
        sandboxed=summary.sandboxed,
        against=summary.against,
        seconds=summary.took.total_seconds(),
        events=summary.events,
        coverage=summary.reached,
        histories=tuple(HistoryJson(**vars(one), verdict=policy.verdict(one).name) for one in summary.judgements),
    )
    json_form.write(session, path)
