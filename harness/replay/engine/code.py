"""The code that histories are replayed against, named by import path so that any process can load it."""

from __future__ import annotations

import importlib
import inspect
import traceback
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from temporalio.converter import DataConverter, PayloadCodec
from temporalio.worker import Interceptor, WorkflowRunner

from harness.errors import UsageError, unknown
from harness.library_internals.workflow_definition import is_workflow, workflow_definition


@dataclass(frozen=True, kw_only=True)
class Code:
    """Workflow code and what its worker is built with.

    Attributes:
        workflows: `module` for every workflow of a module, or `module:Class`.
        data_converter: `module:name` of a data converter, "" for the SDK's default.
        codec: `module:name` of a payload codec, a value or a class, "" for the data converter's own.
        interceptors: `module:name` of each interceptor, a value or a class.
        passthrough: Modules that the sandbox passes through.
        sandboxed: Whether workflows run in the SDK's sandbox, as on a worker.
    """

    workflows: tuple[str, ...]
    data_converter: str = ""
    codec: str = ""
    interceptors: tuple[str, ...] = ()
    passthrough: tuple[str, ...] = ()
    sandboxed: bool = True

    def load(self) -> Loaded:
        """Import all of it.

        Raises:
            UsageError: Something does not import, or is not what it should be; every problem at once.
        """
        problems: list[str] = []
        classes: dict[type, None] = {}
        for one in self.workflows:
            try:
                classes |= dict.fromkeys(_workflows(one))
            except UsageError as error:
                problems += error.problems
        converter = DataConverter.default
        interceptors: list[Interceptor] = []
        try:
            converter = self.converter()
            interceptors = [_value(one, Interceptor) for one in self.interceptors]
        except UsageError as error:
            problems += error.problems
        if not self.workflows:
            problems.append("no workflows are named; say --workflows module or --workflows module:Class.")
        if problems:
            raise UsageError(*problems)
        return Loaded(
            workflows=tuple(classes),
            data_converter=converter,
            interceptors=tuple(interceptors),
            passthrough=self.passthrough,
            sandboxed=self.sandboxed,
        )

    def converter(self) -> DataConverter:
        """Import the data converter alone, with its codec.

        Raises:
            UsageError: It does not import, or is none.
        """
        converter: DataConverter = (
            _value(self.data_converter, DataConverter) if self.data_converter else DataConverter.default
        )
        return replace(converter, payload_codec=_value(self.codec, PayloadCodec)) if self.codec else converter


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The code itself, with what its worker is built with.

    Attributes:
        workflows: The classes.
        data_converter: The worker's.
        interceptors: The worker's, its client's among them.
        passthrough: Modules that the sandbox passes through.
        sandboxed: Whether workflows run in the SDK's sandbox.
        runner: A worker's own workflow runner, which says both itself; None where there is no worker.
        failure_types: Errors that fail a workflow, and not its task.
    """

    workflows: tuple[type, ...]
    data_converter: DataConverter = DataConverter.default
    interceptors: tuple[Interceptor, ...] = ()
    passthrough: tuple[str, ...] = ()
    sandboxed: bool = True
    runner: WorkflowRunner | None = None
    failure_types: tuple[type[BaseException], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The workflow types."""
        names = (workflow_definition(one).name for one in self.workflows)
        return frozenset(name for name in names if name is not None)

    @property
    def dynamic(self) -> bool:
        """Whether one of them takes every type."""
        return any(workflow_definition(one).name is None for one in self.workflows)


def _workflows(path: str) -> list[type]:
    name, _, attribute = path.partition(":")
    module = _module(name)
    if attribute:
        kind = getattr(module, attribute, None)
        known = [one.__name__ for one in _defined(module)]
        if kind is None:
            raise UsageError(unknown(f"workflow in {name}", attribute, known))
        if not is_workflow(kind):
            raise UsageError(f"{path} is no workflow: a workflow is a class decorated with @workflow.defn.")
        return [kind]
    found = [one for one in _defined(module) if one.__module__ == module.__name__]
    if not found:
        raise UsageError(f"the module {name} defines no workflow.")
    return found


def _defined(module: ModuleType) -> list[type]:
    return [one for one in vars(module).values() if is_workflow(one)]


def _value(path: str, kind: type) -> Any:
    name, _, attribute = path.partition(":")
    module = _module(name)
    if not attribute or not hasattr(module, attribute):
        raise UsageError(f"{path} is not there; name a {kind.__name__} as module:name.")
    value = getattr(module, attribute)
    if inspect.isclass(value) and issubclass(value, kind):
        try:
            value = value()
        except TypeError as error:
            raise UsageError(f"{path} cannot be made without arguments ({error}); name a value instead.") from error
    if not isinstance(value, kind):
        raise UsageError(f"{path} is no {kind.__name__} but {value!r}.")
    return value


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        at = [frame for frame in frames if "importlib" not in frame.filename and frame.filename != __file__]
        where = f" ({at[-1].filename}:{at[-1].lineno})" if at else ""
        raise UsageError(f"the module {name} does not import: {type(error).__name__}: {error}{where}.") from error
