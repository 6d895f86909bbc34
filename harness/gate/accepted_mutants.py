"""Survivors of mutation testing that are accepted: each in a baseline file, with a reason, an owner and a last day.

A waiver names the mutated file as its scenario and the mutant as its finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from harness.gate.baseline import Waiver, unused, waive_all
from harness.mutate.fate import Fate, Mutation, Tried


def with_accepted(mutation: Mutation, waivers: Sequence[Waiver], *, today: date) -> Mutation:
    """Return the session with the survivors marked that a waiver accepts, and notes on waivers to be looked at."""
    own = {(one.scenario, one.finding): one for one in waivers}
    tried, notes = [], list(mutation.notes)
    for one in mutation.tried:
        waiver = own.get((one.mutant.file.as_posix(), one.mutant.name))
        accepted = waiver is not None and one in mutation.survivors
        if waiver is not None and accepted and waiver.expires < today:
            notes.append(f"{one.mutant.id}: {waiver.expired}")
            accepted = False
        tried.append(replace(one, waived=waiver.waived) if waiver is not None and accepted else one)
    notes += [
        f"{one.scenario} {one.finding} is waived, and was convicted or is gone; remove the waiver."
        for one in _unused(mutation, waivers)
    ]
    return replace(mutation, tried=tried, notes=notes)


def accept_all(mutation: Mutation, waivers: Sequence[Waiver], *, today: date) -> list[Waiver]:
    """Return the baseline that accepts every survivor."""
    known = {one.key for one in waivers}
    found = {_key(one): f"{one.mutant.stands_for} {one.why}" for one in mutation.survivors}
    new = {key: title for key, title in found.items() if key not in known}
    gone = [one.key for one in _unused(mutation, waivers)]
    return waive_all(waivers, gone=gone, new=new, today=today)


def _unused(mutation: Mutation, waivers: Sequence[Waiver]) -> list[Waiver]:
    open_ = {_key(one) for one in mutation.tried if one.fate is not Fate.CONVICTED}
    ran = mutation.whole_files
    return unused(waivers, ran=ran, found=open_)


def _key(tried: Tried) -> tuple[str, str, str]:
    return tried.mutant.file.as_posix(), tried.mutant.name, ""
