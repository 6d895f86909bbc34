"""An exploration's findings against the project's baseline: what is known is borne until its day, and gone is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from harness.explore.search.exploration import Exploration
from harness.gate.baseline import Waiver
from harness.gate.decision import WAIVED_FOR
from harness.verdict import Verdict


def accept(exploration: Exploration, waivers: Sequence[Waiver], *, today: date) -> Exploration:
    """Return the exploration with the findings marked that a waiver tolerates; its scenario is the target's name.

    A waiver that has expired tolerates nothing. That, and one whose finding did not come up, is told in a note.
    """
    own = {one.finding: one for one in waivers if one.scenario == exploration.target}
    notes = list(exploration.notes)
    findings = []
    for finding in exploration.findings:
        waiver = own.pop(finding.id, None)
        if waiver is not None and waiver.expires < today:
            notes.append(f"{finding.id} was borne until {waiver.expires}; {waiver.owner} was to see to it.")
        elif waiver is not None:
            told = f"until {waiver.expires}: {waiver.reason} ({waiver.owner})"
            findings.append(replace(finding, accepted=told))
            continue
        findings.append(finding)
    notes += [f"the baseline tolerates {name!r}, which did not come up; take it out." for name in own]
    return replace(exploration, findings=tuple(findings), notes=tuple(notes))


def waive_all(exploration: Exploration, waivers: Sequence[Waiver], *, today: date) -> list[Waiver]:
    """Return other targets' waivers, this one's that still bear something, and one for each new finding."""
    found = {one.id: one for one in exploration.findings if one.accepted or one.verdict is not Verdict.PASSED}
    kept = [one for one in waivers if one.scenario != exploration.target or one.finding in found]
    known = {one.finding for one in kept if one.scenario == exploration.target}
    new = [
        Waiver(
            scenario=exploration.target,
            finding=name,
            reason=f"found on {today} and not looked into yet: {one.broken.breach.what}",
            owner="nobody yet",
            expires=today + WAIVED_FOR,
        )
        for name, one in found.items()
        if name not in known
    ]
    return [*kept, *new]
