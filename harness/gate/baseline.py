"""The baseline: findings that are waived, each with a reason, an owner and an expiry date."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import UsageError, invalid

HEADING = (
    "Waived findings. `harness gate --update-baseline` adds new findings and removes waivers that no longer match."
)


class Waiver(BaseModel):
    """One waived finding.

    Attributes:
        scenario: The scenario's name.
        finding: The name of the oracle that finds it, or of the harness's own rule.
        reason: Why it is waived.
        owner: Who is to fix it.
        expires: The last day of the waiver.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str = Field(min_length=1)
    finding: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    expires: date

    @property
    def key(self) -> tuple[str, str]:
        """The scenario and the finding."""
        return self.scenario, self.finding


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
            *(f"{file} waives {finding} of {scenario} twice; keep one of the waivers." for scenario, finding in twice)
        )
    return waivers


def _where(file: Path, place: tuple[int | str, ...]) -> str:
    return f"{file}: {' '.join(str(one + 1) if isinstance(one, int) else one for one in place)}"


def save_baseline(file: Path, waivers: Iterable[Waiver]) -> None:
    """Write the waivers, sorted, so that a diff shows only what changed."""
    document = tomlkit.document()
    document.add(tomlkit.comment(HEADING))
    tables = tomlkit.aot()
    for waiver in sorted(waivers, key=lambda one: one.key):
        table = tomlkit.table()
        for name, value in waiver.model_dump().items():
            table.add(name, value)
        tables.append(table)
    if tables:
        document.add("waivers", tables)
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
