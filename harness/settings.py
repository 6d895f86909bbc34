"""The settings of a project: `[tool.harness]` of pyproject.toml, or harness.toml; validated as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from harness.errors import UsageError, invalid
from harness.project_tables import nearest_tables
from harness.redaction.active import install
from harness.redaction.rules import RedactRules

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def duration(text: object) -> timedelta:
    """Return the duration that "90s", "10m" or "1h30m" names.

    Raises:
        ValueError: The text is not a duration, or it is zero.
    """
    if isinstance(text, timedelta):
        return text
    parts = re.findall(r"(\d+(?:\.\d+)?)([smh])", text) if isinstance(text, str) else []
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is not a duration; write it as '90s', '10m' or '1h30m'")
    try:
        length = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta(0))
    except OverflowError as error:
        raise ValueError(f"{text!r} is too long; omit it for no limit") from error
    if not length:
        raise ValueError(f"must be longer than 0, got {text!r}; omit it for no limit")
    return length


Duration = Annotated[timedelta, BeforeValidator(duration)]


class Policy(BaseModel):
    """The table `gate`: what must pass before a merge.

    Attributes:
        must_pass: The scenarios that run and must pass, as names or globs.
        must_prove: The claims that must have a proof that did not fail, as ids or globs.
        inconclusive: "red" blocks a merge, "amber" only notes it.
        repeats: How often a red scenario runs again, to detect flakiness; 0 for never.
        time_budget: After this time no further run starts, and the gate is red; None for no limit.
        concurrency: The number of concurrent runs; None for the harness's default.
        baseline: The file of waivers, relative to the project's root.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    must_pass: tuple[str, ...] = Field(default=("*",), min_length=1)
    must_prove: tuple[str, ...] = ()
    inconclusive: Literal["red", "amber"] = "red"
    repeats: int = Field(default=0, ge=0, le=50)
    time_budget: Duration | None = None
    concurrency: int | None = Field(default=None, ge=1)
    baseline: str = "harness-baseline.toml"


class Histories(BaseModel):
    """One table of `corpora`: recorded histories that the gate also replays.

    Attributes:
        path: The folder, relative to the project's root.
        workflows: The workflows to replay against, as `module` or `module:Class`.
        data_converter: `module:name` of the workers' data converter, "" for the SDK's default.
        codec: `module:name` of their payload codec, "" for the data converter's own.
        interceptors: `module:name` of each interceptor of the workers.
        plugins: `module:name` of each plugin of the workers or of their clients.
        failure_types: `module:name` of each exception that fails a workflow on the workers, and not only its task.
        passthrough: The modules that the workers' sandbox passes through, besides the SDK's own.
        scenarios: The scenarios whose runs `harness gate --refresh-histories` records, as names or globs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    workflows: tuple[str, ...] = Field(min_length=1)
    data_converter: str = ""
    codec: str = ""
    interceptors: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    failure_types: tuple[str, ...] = ()
    passthrough: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()


class Explored(BaseModel):
    """One table of `explorations`: a target that the gate also explores.

    Attributes:
        target: As `harness explore` takes it: a file, `module:Workflow`, or a scenario.
        inputs: The arguments of `module:Workflow`, each as JSON.
        faults: The maximum number of faults in one schedule.
        budget: After this time no further schedule starts; None for no limit.
        calls: Faults are injected at the first N calls of each activity or operation, and at the last; None for all.
        complete: Whether an incomplete exploration blocks a merge; otherwise it is noted.
        baseline: The file of waivers, relative to the project's root; "" for none.
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
        """The target and its inputs: one target may be explored with several inputs."""
        return " ".join((self.target, *self.inputs))


class MutationPolicy(BaseModel):
    """The table `mutation`: how many mutants must be convicted.

    Attributes:
        share: The share of mutants that scenarios must fail for, from 0 to 1; None for no demand.
        baseline: The file of accepted survivors, relative to the project's root; "" for none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: float | None = Field(default=None, gt=0, le=1)
    baseline: str = ""


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
    mutation: MutationPolicy = MutationPolicy()
    redact: RedactRules = RedactRules()
    temporal_allow: tuple[str, ...] = ()
    python: str = ""

    @field_validator("explorations")
    @classmethod
    def _have_own_baselines(cls, explorations: tuple[Explored, ...]) -> tuple[Explored, ...]:
        """Refuse two explorations of one target with one baseline: each would remove the waivers of the other."""
        shared = Counter((one.target, one.baseline) for one in explorations if one.baseline)
        twice = [f"{target!r} with {baseline!r}" for (target, baseline), times in shared.items() if times > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} occurs more than once; give each exploration its own baseline file")
        return explorations


def find_project(start: Path) -> tuple[Path, Settings]:
    """Return the nearest folder upwards that has a harness.toml or `[tool.harness]`, and its settings.

    Without one, that is `start` itself with the defaults. From now on, this process redacts by these settings.

    Raises:
        UsageError: The settings cannot be read, exist in both files, or are invalid; every problem at once.
    """
    root, settings = _found(start)
    install(settings.redact)
    return root, settings


def _found(start: Path) -> tuple[Path, Settings]:
    found = nearest_tables(start)
    if found is None:
        return start, Settings()
    own, shared = found.folder / "harness.toml", found.folder / "pyproject.toml"
    if found.own is not None and found.shared is not None:
        raise UsageError(f"both {own} and [tool.harness] of {shared} exist; keep one of them.")
    if found.own is not None:
        return found.folder, settings_from(found.own, where=str(own))
    return found.folder, settings_from(found.shared, where=f"{shared}: [tool.harness]")


def settings_from(table: object, *, where: str) -> Settings:
    """Return a table as settings.

    Raises:
        UsageError: It has unknown keys or invalid values; every problem at once.
    """
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise UsageError(*(_sentence(one, where) for one in error.errors())) from error


def _sentence(error: Mapping[str, Any], where: str) -> str:
    place = [str(one) for one in error["loc"]]
    tables: dict[str, type[BaseModel]] = {
        "gate": Policy,
        "corpora": Histories,
        "explorations": Explored,
        "mutation": MutationPolicy,
        "redact": RedactRules,
    }
    known = tables.get(place[0] if place[1:] else "", Settings).model_fields
    return invalid(error, where=f"{where} {'.'.join(place)}", known=known)
