"""Finds the broken twins: one per file, named after what it does wrong."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from temporalio.converter import DataConverter

from harness.scenario import Scenario

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A broken version of a pattern's workflow, of its activities or of its data converter.

    Attributes:
        name: Pattern and file, such as "saga/forward_order".
        does_wrong: The first line of its docstring.
        tried_with: The names of the scenarios that must turn red.
        convicted_by: The oracle whose finding must be among those of each.
        workflow: The broken workflow class, or None where the reference's own is used.
        activities: Makes the broken activities; None where the reference's own are used.
        data_converter: Likewise.
    """

    name: str
    does_wrong: str
    tried_with: tuple[str, ...]
    convicted_by: str
    workflow: Any
    activities: Callable[..., Any] | None
    data_converter: DataConverter | None

    def takes_over(self, scenario: Scenario) -> Scenario:
        """Return the scenario with the twin in the reference's place, and nothing else changed."""
        application = scenario.application
        if self.activities is not None:
            application = replace(application, activities=self.activities)
        if self.data_converter is not None:
            application = replace(application, data_converter=self.data_converter)
        if self.workflow is None:
            return replace(scenario, application=application)
        name = _type_of(self.workflow)
        workflows = [self.workflow if _type_of(one) == name else one for one in application.workflows]
        begins = _type_of_run(scenario) == name
        return replace(
            scenario,
            application=replace(application, workflows=workflows),
            workflow=self.workflow.run if begins else scenario.workflow,
        )


def find_twins(pattern: str) -> list[Twin]:
    """Return the twins of one pattern, by name."""
    return [_twin(path) for path in sorted((FOLDER / pattern).glob("*.py"))]


def _twin(path: Path) -> Twin:
    module = importlib.import_module(f"tests.convictions.{path.parent.name}.{path.stem}")
    return Twin(
        name=f"{path.parent.name}/{path.stem}",
        does_wrong=(inspect.getdoc(module) or "").partition("\n")[0],
        tried_with=tuple(module.TRIED_WITH),
        convicted_by=module.CONVICTED_BY,
        workflow=_workflow(module),
        activities=getattr(module, "activities", None),
        data_converter=getattr(module, "data_converter", None),
    )


def _type_of(workflow: type) -> str:
    """The name that a workflow is known by: a twin has that of the one in whose place it stands."""
    return str(getattr(workflow, "__temporal_workflow_definition").name)


def _type_of_run(scenario: Scenario) -> str:
    """The name of the workflow that a scenario starts; a child's twin leaves that alone."""
    owner = scenario.workflow_name.rpartition(".")[0]
    return next(_type_of(one) for one in scenario.application.workflows if one.__qualname__ == owner)


def _workflow(module: ModuleType) -> type | None:
    own = [
        one
        for name, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__ == module.__name__ and not name.startswith("_")
    ]
    workflows = [one for one in own if hasattr(one, "__temporal_workflow_definition")]
    return workflows[0] if workflows else None
