"""Imports workflow code and what its worker is built with, all named by import path."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, NamedTuple

import temporalio.worker
from temporalio import workflow
from temporalio.converter import DataConverter, PayloadCodec
from temporalio.worker import Interceptor, WorkflowRunner

from harness.library_internals.workflow_definition import is_workflow, workflow_definition

PLUGIN: Any = getattr(temporalio.worker, "Plugin", None)
"""The SDK's class of plugins; temporalio < 1.18 has none."""


class LoadProblem(NamedTuple):
    """What is wrong with one name, as values, so that the harness says it in its own words.

    Attributes:
        words: A sentence; "" where `kind` says what is unknown.
        asked: The name that does not exist.
        known: The names that do.
        kind: What it would name, such as "workflow in shop".
        home: What is written before a name that was probably meant.
    """

    words: str = ""
    asked: str = ""
    known: Sequence[str] = ()
    kind: str = ""
    home: str = ""


class CannotLoad(Exception):  # noqa: N818 - a state of the code
    """Something does not import, or is of the wrong kind.

    Attributes:
        problems: Every problem.
    """

    def __init__(self, *problems: LoadProblem) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True)
class Loaded:
    """The code itself, with what its worker is built with.

    Attributes:
        workflows: The classes.
        data_converter: The worker's.
        interceptors: The worker's, its client's among them.
        passthrough: Modules that the sandbox passes through.
        sandboxed: Whether workflows run in the SDK's sandbox.
        runner: A worker's own workflow runner, which decides both; None for the SDK's.
        failure_types: Errors that fail a workflow, and not its task.
        plugins: The worker's, its client's among them.
    """

    workflows: tuple[type, ...]
    data_converter: DataConverter = DataConverter.default
    interceptors: tuple[Interceptor, ...] = ()
    passthrough: tuple[str, ...] = ()
    sandboxed: bool = True
    runner: WorkflowRunner | None = None
    failure_types: tuple[type[BaseException], ...] = ()
    plugins: tuple[Any, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The workflow types."""
        names = (workflow_definition(one).name for one in self.workflows)
        return frozenset(name for name in names if name is not None)

    @property
    def dynamic(self) -> bool:
        """Whether one of them takes every type."""
        return any(workflow_definition(one).name is None for one in self.workflows)

    @property
    def modules(self) -> Sequence[str]:
        """The modules of the workflows."""
        return sorted({one.__module__ for one in self.workflows})


def load(code: Mapping[str, Any], *, importing: Callable[[str], object] = lambda _: None) -> Loaded:
    """Import code by the names of a `Code`, as plain data.

    Args:
        code: The names.
        importing: Called with the name of each module before it is imported.

    Raises:
        CannotLoad: Something does not import, or is of the wrong kind.
    """
    paths = [code["data_converter"], code["codec"], *code["interceptors"], *code["plugins"], *code["failure_types"]]
    for path in [*code["workflows"], *paths]:
        module = path.partition(":")[0]
        if module:
            importing(module)
            # What does not import is reported below, by what it was named for.
            with contextlib.suppress(CannotLoad):
                _module(module)
    problems: list[LoadProblem] = []

    def each(paths: Sequence[str], one: Callable[[str], Any]) -> tuple[Any, ...]:
        """Import what is named, and add what cannot be to the problems."""
        found = []
        for path in paths:
            try:
                found.append(one(path))
            except CannotLoad as cannot:  # noqa: PERF203 - costs nothing beside an import
                problems.extend(cannot.problems)
        return tuple(found)

    classes = dict.fromkeys(one for found in each(code["workflows"], _workflows) for one in found)
    converters = each([code["data_converter"]], lambda _: converter(code["data_converter"], code["codec"]))
    interceptors = each(code["interceptors"], lambda path: _value(path, Interceptor))
    plugins = each(code["plugins"], _plugin)
    failure_types = each(code["failure_types"], _exception)
    problems += map(LoadProblem, unknown_modules(code["passthrough"], where="--passthrough"))
    if not code["workflows"]:
        problems.append(LoadProblem("no workflow is named; pass --workflows MODULE or --workflows MODULE:CLASS."))
    if problems:
        raise CannotLoad(*problems)
    return Loaded(
        workflows=tuple(classes),
        data_converter=converters[0],
        interceptors=interceptors,
        plugins=plugins,
        failure_types=failure_types,
        passthrough=tuple(code["passthrough"]),
        sandboxed=code["sandboxed"],
    )


def converter(path: str, codec: str) -> DataConverter:
    """Import a data converter, with another codec if one is named; "" for the SDK's, and for its own.

    Raises:
        CannotLoad: It does not import, or is not a data converter.
    """
    found: DataConverter = _value(path, DataConverter) if path else DataConverter.default
    return replace(found, payload_codec=_value(codec, PayloadCodec)) if codec else found


def unknown_modules(names: Iterable[str], *, where: str) -> Iterator[str]:
    """Say which modules do not exist, one sentence each."""
    if workflow.unsafe.in_sandbox():
        return
    for name in names:
        if name in sys.modules:
            continue
        try:
            found = importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            found = False
        if not found:
            yield f"{where}: there is no module {name!r}."


def _workflows(path: str) -> list[type]:
    name, _, attribute = path.partition(":")
    module = _module(name)
    if attribute:
        kind = getattr(module, attribute, None)
        known = [one.__name__ for one in _defined(module)]
        if kind is None:
            raise CannotLoad(LoadProblem(kind=f"workflow in {name}", asked=attribute, known=known))
        if not is_workflow(kind):
            raise CannotLoad(LoadProblem(f"{path} is not a workflow: it is not a class decorated with @workflow.defn."))
        return [kind]
    found = [one for one in _defined(module) if one.__module__ == module.__name__]
    if not found:
        raise CannotLoad(LoadProblem(f"the module {name} defines no workflow."))
    return found


def _defined(module: ModuleType) -> list[type]:
    return [one for one in vars(module).values() if is_workflow(one)]


def _plugin(path: str) -> Any:
    if PLUGIN is None:
        raise CannotLoad(LoadProblem(f"{path} cannot be used: this temporalio has no plugins; 1.18 and newer have."))
    return _value(path, PLUGIN)


def _value(path: str, kind: type) -> Any:
    name, _, attribute = path.partition(":")
    module = _module(name)
    if not attribute or not hasattr(module, attribute):
        raise CannotLoad(_missing(path, f"name a {kind.__name__} as MODULE:NAME.", module))
    value = getattr(module, attribute)
    if inspect.isclass(value) and issubclass(value, kind):
        try:
            value = value()
        except TypeError as error:
            words = f"{path} takes arguments ({error}); name an instance of it instead."
            raise CannotLoad(LoadProblem(words)) from error
    if not isinstance(value, kind):
        raise CannotLoad(LoadProblem(f"{path} is not a {kind.__name__}, it is {value!r}."))
    return value


def _exception(path: str) -> type[BaseException]:
    name, _, attribute = path.partition(":")
    module = _module(name)
    kind = getattr(module, attribute, None) if attribute else None
    if kind is None:
        raise CannotLoad(_missing(path, "name an exception as MODULE:NAME.", module))
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise CannotLoad(LoadProblem(f"{path} is not an exception, it is {kind!r}."))
    return kind


def _missing(path: str, advice: str, module: ModuleType) -> LoadProblem:
    return LoadProblem(
        words=f"{path} does not exist; {advice}",
        asked=path.partition(":")[2],
        known=[one for one in vars(module) if not one.startswith("_")],
        home=f"{module.__name__}:",
    )


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        at = [frame for frame in frames if "importlib" not in frame.filename and frame.filename != __file__]
        where = f" ({at[-1].filename}:{at[-1].lineno})" if at else ""
        words = f"the module {name} does not import: {type(error).__name__}: {error}{where}.{_hint(error)}"
        raise CannotLoad(LoadProblem(words)) from error


def _hint(error: BaseException) -> str:
    if not isinstance(error, ModuleNotFoundError):
        return ""
    return " Modules are found in the project's folder, its src folder, and where Python finds installed packages."
