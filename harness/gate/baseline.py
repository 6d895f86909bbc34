"""The baseline: findings that are waived, each with a reason, an owner and an expiry date."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import UsageError, invalid
from harness.explore.search.exploration import Exploration
from harness.verdict import Verdict

HEADING = (
    "Waived findings. `harness gate --update-baseline` adds new findings and removes waivers that no longer match."
)


WAIVED_FOR = timedelta(days=30)
"""How long a waiver lasts that `--update-baseline` writes."""

Key = tuple[str, str, str]
"""The name of a scenario or of an exploration's target, a finding there, and its title as it is in each session."""


class Waiver(BaseModel):
    """One waived finding.

    Attributes:
        scenario: The scenario's name, or an exploration's target.
        finding: The name of the oracle that finds it, or of the harness's own rule; in an exploration the finding's id.
        title: The finding's title, with "…" for numbers and ids; without one, whatever that oracle finds is waived.
        reason: Why it is waived.
        owner: Who is to fix it.
        expires: The last day of the waiver.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str = Field(min_length=1)
    finding: str = Field(min_length=1)
    title: str = ""
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    expires: date

    @property
    def key(self) -> Key:
        """The scenario, the finding and its title."""
        return self.scenario, self.finding, self.title

    def covers(self, key: Key) -> bool:
        """Whether it waives a finding."""
        return self.key in {key, (*key[:2], "")}

    @property
    def waived(self) -> str:
        """What a reader of a waived finding has to know."""
        return f"Waived until {self.expires}: {self.reason} (owner: {self.owner})."

    @property
    def expired(self) -> str:
        """What a reader of an expired waiver has to know."""
        return f"Waiver expired on {self.expires} ({self.reason}); owner: {self.owner}."


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    waivers: tuple[Waiver, ...] = ()


def load_baseline(file: Path) -> tuple[Waiver, ...]:
    """Read the waivers; a file that does not exist holds none.

    Raises:
        UsageError: The file is not TOML, has unknown or invalid keys, or waives a finding twice; every problem at once.
    """
    if not file.exists():
        return ()
    try:
        waivers = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).waivers
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}. Nothing ran.") from error
    except ValidationError as error:
        problems = [invalid(one, where=_where(file, one["loc"]), known=Waiver.model_fields) for one in error.errors()]
        raise UsageError(*problems) from error
    keys = [one.key for one in waivers]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise UsageError(
            *(
                f"{file} waives {finding} of {scenario} twice; keep one of the waivers."
                for scenario, finding, _ in twice
            )
        )
    return waivers


def _where(file: Path, place: tuple[int | str, ...]) -> str:
    return f"{file}: {' '.join(str(one + 1) if isinstance(one, int) else one for one in place)}"


def save_baseline(file: Path, waivers: Iterable[Waiver]) -> None:
    """Write the waivers, sorted, so that a diff shows only what changed."""
    import tomlkit  # noqa: PLC0415 - [server] brings it

    document = tomlkit.document()
    document.add(tomlkit.comment(HEADING))
    tables = tomlkit.aot()
    for waiver in sorted(waivers, key=lambda one: one.key):
        table = tomlkit.table()
        for name, value in waiver.model_dump(exclude_defaults=True).items():
            table.add(name, value)
        tables.append(table)
    if tables:
        document.add("waivers", tables)
    file.write_text(tomlkit.dumps(document), encoding="utf-8")


def unused(waivers: Iterable[Waiver], *, ran: Collection[str], found: Collection[Key]) -> list[Waiver]:
    """Return the waivers of what was run and not found; of what was not run, nothing is known."""
    return [one for one in waivers if one.scenario in ran and not any(one.covers(key) for key in found)]


def waive_all(waivers: Iterable[Waiver], *, gone: Collection[Key], new: Mapping[Key, str], today: date) -> list[Waiver]:
    """Return the baseline that waives everything found: the waivers still in use, and one for each new finding.

    One that has expired is not prolonged: that takes a person.

    Args:
        waivers: The baseline so far.
        gone: What is no longer found.
        new: What is found and has no waiver, with its title.
        today: From when on it is waived.
    """
    kept = [one for one in waivers if one.key not in gone]
    return kept + [
        Waiver(
            scenario=name,
            finding=finding,
            title=wording,
            reason=f"found on {today}, not examined yet: {title}",
            owner="nobody",
            expires=today + WAIVED_FOR,
        )
        for (name, finding, wording), title in new.items()
    ]


def with_waivers(exploration: Exploration, waivers: Sequence[Waiver], *, today: date) -> Exploration:
    """Return the exploration with the findings marked that a waiver covers.

    A waiver that has expired covers nothing. That, and one whose finding did not come, is reported in a note.
    """
    own = {one.finding: one for one in waivers if one.scenario == exploration.target}
    notes, findings = list(exploration.notes), []
    found = {one.id for one in exploration.findings}
    notes += [f"{name}: {one.expired}" for name, one in own.items() if name in found and one.expires < today]
    for finding in exploration.findings:
        # One mistake may be several findings, at a call each.
        waiver = own.get(finding.id)
        findings.append(finding if waiver is None or waiver.expires < today else replace(finding, waived=waiver.waived))
    notes += [
        f"the baseline waives {name!r}, which did not come; remove the waiver." for name in own if name not in found
    ]
    return replace(exploration, findings=tuple(findings), notes=tuple(notes))


def waive_exploration(exploration: Exploration, waivers: Sequence[Waiver], *, today: date) -> list[Waiver]:
    """Return the baseline that waives everything that an exploration found."""
    found = {
        (exploration.target, one.id, ""): one.title
        for one in exploration.findings
        if one.waived or one.verdict is not Verdict.PASSED
    }
    gone = [one.key for one in unused(waivers, ran=[exploration.target], found=found)]
    known = {one.key for one in waivers}
    new = {key: title for key, title in found.items() if key not in known}
    return waive_all(waivers, gone=gone, new=new, today=today)
