"""What a project says of itself, in `[tool.harness]` of pyproject.toml or in harness.toml; validated as a whole."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from harness.errors import UsageError, invalid

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def duration(text: object) -> timedelta:
    """Return how long "90s", "10m" or "1h30m" is.

    Raises:
        ValueError: It is nothing of that kind, or no time at all.
    """
    if isinstance(text, timedelta):
        return text
    parts = re.findall(r"(\d+(?:\.\d+)?)([smh])", text) if isinstance(text, str) else []
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration; write it as '90s', '10m' or '1h30m'")
    length = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta(0))
    if not length:
        raise ValueError(f"{text!r} is no time at all; leave it out for no limit")
    return length


Duration = Annotated[timedelta, BeforeValidator(duration)]


class Policy(BaseModel):
    """The table `gate`: what a merge is decided by.

    Attributes:
        must_hold: Which scenarios are run and must hold, as names or globs.
        must_prove: Which claims must have a proof that did not fail, as ids or globs.
        inconclusive: "red" holds a merge back, "amber" only says so.
        repeats: How often a red scenario is run again, to tell whether it always is; 0 for never.
        time_budget: When it is over no further run is begun, and the gate is red; None for no limit.
        concurrency: How many runs go on at once; None for the harness's own number.
        baseline: The file of waivers, from the project's root.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    must_hold: tuple[str, ...] = Field(default=("*",), min_length=1)
    must_prove: tuple[str, ...] = ()
    inconclusive: Literal["red", "amber"] = "red"
    repeats: int = Field(default=0, ge=0, le=50)
    time_budget: Duration | None = None
    concurrency: int | None = Field(default=None, ge=1)
    baseline: str = "harness-baseline.toml"


class Histories(BaseModel):
    """One table of `corpora`: recorded histories that the gate replays, too.

    Attributes:
        path: The folder, from the project's root.
        workflows: What they are replayed against, as `module` or `module:Class`.
        data_converter: `module:name` of the workers' data converter, "" for the SDK's default.
        codec: `module:name` of their payload codec, "" for the data converter's own.
        scenarios: From whose runs `harness gate --refresh-histories` takes them, as names or globs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    workflows: tuple[str, ...] = Field(min_length=1)
    data_converter: str = ""
    codec: str = ""
    scenarios: tuple[str, ...] = ()


class Explored(BaseModel):
    """One table of `explorations`: a target that the gate explores, too.

    Attributes:
        target: As `harness explore` takes it: a file, `module:Workflow`, or a scenario.
        inputs: The arguments of `module:Workflow`, each as JSON.
        faults: How many faults one schedule may have.
        budget: When it is over no further schedule is begun; None for no limit.
        calls: Of an activity's calls, and of requests for one operation, how many of the first are met by faults,
            beside the last; None for all.
        complete: Whether what these two left unexplored holds a merge back; it is noted otherwise.
        baseline: The file of the findings that are borne, from the project's root; "" for none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(min_length=1)
    inputs: tuple[str, ...] = ()
    faults: int = Field(default=1, ge=1)
    budget: Duration | None = None
    calls: int | None = Field(default=None, ge=1)
    complete: bool = False
    baseline: str = ""

    @property
    def name(self) -> str:
        """What it is called among others: one target may be explored with several inputs."""
        return " ".join((self.target, *self.inputs))


class Settings(BaseModel):
    """The table `[tool.harness]` of pyproject.toml, or all of harness.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenarios: tuple[str, ...] = ("scenarios",)
    fakes: tuple[str, ...] = ("fakes",)
    claims: tuple[str, ...] = ("scenarios/claims",)
    tests: tuple[str, ...] = ("tests",)
    gate: Policy = Policy()
    corpora: tuple[Histories, ...] = ()
    explorations: tuple[Explored, ...] = ()

    @field_validator("explorations")
    @classmethod
    def _bear_apart(cls, explorations: tuple[Explored, ...]) -> tuple[Explored, ...]:
        """Refuse two of one target over one baseline: each would take out what only the other finds."""
        shared = Counter((one.target, one.baseline) for one in explorations if one.baseline)
        twice = [f"{target!r} with {baseline!r}" for (target, baseline), times in shared.items() if times > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} stands there more than once; give each a baseline of its own")
        return explorations


def find_project(start: Path) -> tuple[Path, Settings]:
    """Return the nearest folder upwards that has a harness.toml or `[tool.harness]`, with what it says.

    Without one, that is `start` itself with the defaults.

    Raises:
        UsageError: The table cannot be read, stands in both, or says what cannot be; every problem at once.
    """
    for folder in (start, *start.parents):
        own, shared = folder / "harness.toml", folder / "pyproject.toml"
        table = _read(shared).get("tool", {}).get("harness") if shared.is_file() else None
        if own.is_file() and table is not None:
            raise UsageError(f"both {own} and [tool.harness] of {shared} are there; keep one of them.")
        if own.is_file():
            return folder, settings_from(_read(own), where=str(own))
        if table is not None:
            return folder, settings_from(table, where=f"{shared}: [tool.harness]")
    return start, Settings()


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}.") from error


def settings_from(table: object, *, where: str) -> Settings:
    """Return a table as settings.

    Raises:
        UsageError: It has keys that there are not, or values that cannot be; every problem at once.
    """
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise UsageError(*(_sentence(one, where) for one in error.errors())) from error


def _sentence(error: Mapping[str, Any], where: str) -> str:
    place = [str(one) for one in error["loc"]]
    tables: dict[str, type[BaseModel]] = {"gate": Policy, "corpora": Histories, "explorations": Explored}
    known = tables.get(place[0] if place[1:] else "", Settings).model_fields
    return invalid(error, where=f"{where} {'.'.join(place)}", known=known)
