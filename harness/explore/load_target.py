"""Finds what is to be explored: a target file, a workflow by its module and name, or a scenario by its name."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.catalog import load_catalog
from harness.errors import UsageError, unknown
from harness.explore.backends.scenario_target import from_scenario
from harness.explore.model.target import Target
from harness.library_internals.activity_definition import is_activity
from harness.library_internals.workflow_definition import is_workflow, workflow_definition
from harness.settings import find_project


def load_target(text: str, *, inputs: Sequence[str] = (), root: Path) -> Target:
    """Return the target that a command line names.

    Args:
        text: A file that declares `target = Target(...)`, "module:Workflow", or the name of a scenario.
        inputs: The arguments of the workflow as JSON, in which TOKEN stands for the run id.
        root: The folder that modules are imported from.

    Raises:
        UsageError: It cannot be found, does not import, or declares no target.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    if text.endswith(".py"):
        if inputs:
            raise UsageError(
                "--input works with MODULE:WORKFLOW only; a target file declares its arguments as `given`."
            )
        return _from_file(Path(text), root)
    if ":" in text:
        return _from_workflow(text, inputs)
    if "/" in text:
        if inputs:
            raise UsageError(f"--input works with MODULE:WORKFLOW only; the scenario {text} declares its own `given`.")
        return _scenario(text)
    raise UsageError(
        f"{text!r} is not a target. Give a file that declares `target = Target(...)`, such as explore/transfer.py, "
        "a workflow as MODULE:CLASS, such as shop.workflows:Order, or a scenario, such as saga/all_well."
    )


def _from_file(path: Path, root: Path) -> Target:
    if not path.is_file():
        raise UsageError(f"{path} does not exist.")
    path = path.resolve()
    if path.is_relative_to(root):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
    else:
        name = path.stem
        sys.path.insert(0, str(path.parent))
    module = _import(name, shown=str(path))
    target = getattr(module, "target", None)
    if not isinstance(target, Target):
        raise UsageError(f"{path} declares no target; it needs a module-level `target = Target(...)`.")
    return target


def _scenario(text: str) -> Target:
    catalog = load_catalog(*find_project(Path.cwd()), [f"{text.partition('/')[0]}/*"])
    (entry,) = catalog.select([text])[:1]
    pattern = [one.scenario for name, one in catalog.entries.items() if name.startswith(f"{entry.path.parent.name}/")]
    return from_scenario(entry.name, entry.scenario, pattern)


def _import(name: str, *, shown: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except UsageError as error:
        raise UsageError(*(f"{shown}: {problem}" for problem in error.problems)) from error
    except (Exception, SystemExit) as error:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if "importlib" not in one.filename]
        where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
        raise UsageError(f"{shown} does not import: {type(error).__name__}: {error}{where}.") from error


def _from_workflow(text: str, inputs: Sequence[str]) -> Target:
    module_name, _, class_name = text.partition(":")
    if not module_name or not class_name:
        raise UsageError(f"{text!r} is not MODULE:CLASS, such as shop.workflows:Order.")
    module = _import(module_name, shown=module_name)
    workflows = {one.__name__: one for one in _workflows(module)}
    if class_name not in workflows:
        raise UsageError(unknown(f"workflow in {module_name}", class_name, workflows))
    run = workflow_definition(workflows[class_name]).run_fn
    problems: list[str] = []
    given = [_json(one, problems) for one in inputs]
    activities = _activities(module, problems)
    if problems:
        raise UsageError(*problems)
    return Target(
        workflows=list(workflows.values()),
        activities=activities,
        workflow=run,
        given=lambda token: tuple(_with_token(one, token) for one in given),
    )


def _workflows(module: ModuleType) -> Iterator[type]:
    for value in _values(module):
        if is_workflow(value):
            yield value


def _activities(module: ModuleType, problems: list[str]) -> list[Callable[..., Any]]:
    """Return what the module, and modules of the same project that it imports, define as activities."""
    own = module.__name__.partition(".")[0]
    folder = Path(str(module.__file__)).parent
    near = [
        one
        for one in vars(module).values()
        if inspect.ismodule(one)
        and (one.__name__.partition(".")[0] == own or Path(str(getattr(one, "__file__", "") or "")).parent == folder)
    ]
    found: dict[str, Callable[..., Any]] = {}
    for value in (value for one in (module, *near) for value in _values(one)):
        if inspect.isclass(value):
            methods = [one for one in vars(value).values() if is_activity(one)]
            if not methods:
                continue
            try:
                made = value()
            except Exception as error:  # noqa: BLE001 - a constructor of the application's
                problems.append(
                    f"the activities of {value.__qualname__} cannot be made without arguments ({error}); "
                    "write a target file that makes them."
                )
                continue
            found |= {one.__name__: getattr(made, one.__name__) for one in methods}
        elif is_activity(value):
            found[value.__name__] = value
    return list(found.values())


def _values(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if inspect.isclass(value) or inspect.isfunction(value):
            yield value


def _json(text: str, problems: list[str]) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        problems.append(f"--input {text!r} is not JSON: {error}. A text needs its quotes, as in --input '\"Ada\"'.")
        return None


def _with_token(value: Any, token: str) -> Any:
    if isinstance(value, str):
        return value.replace("TOKEN", token)
    if isinstance(value, dict):
        return {key: _with_token(one, token) for key, one in value.items()}
    return [_with_token(one, token) for one in value] if isinstance(value, list) else value
