"""The code that histories are replayed against, named by import path so that any process can load it."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from temporalio.converter import DataConverter, PayloadCodec
from temporalio.worker import Interceptor, Plugin, WorkflowRunner

from harness.errors import UsageError, nearest, unknown
from harness.library_internals.workflow_definition import is_workflow, workflow_definition
from harness.workers.sdk_options import SdkOptions, unknown_modules


@dataclass(frozen=True, kw_only=True)
class Code:
    """Workflow code and what its worker is built with.

    Attributes:
        workflows: `module` for every workflow of a module, or `module:Class`.
        data_converter: `module:name` of a data converter, "" for the SDK's default.
        codec: `module:name` of a payload codec, a value or a class, "" for the data converter's own.
        interceptors: `module:name` of each interceptor, a value or a class.
        plugins: `module:name` of each plugin, a value or a class.
        failure_types: `module:name` of each exception that fails a workflow, and not only its task.
        passthrough: Modules that the sandbox passes through.
        sandboxed: Whether workflows run in the SDK's sandbox, as on a worker.
    """

    workflows: tuple[str, ...]
    data_converter: str = ""
    codec: str = ""
    interceptors: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    failure_types: tuple[str, ...] = ()
    passthrough: tuple[str, ...] = ()
    sandboxed: bool = True

    def __post_init__(self) -> None:
        text = [one.name for one in fields(self) if one.default == () and isinstance(getattr(self, one.name), str)]
        if text:
            raise UsageError(*(f"{one} must be a list of texts, got {getattr(self, one)!r}." for one in text))

    def load(self, *, importing: Callable[[str], None] = lambda _: None) -> Loaded:
        """Import all of it.

        Args:
            importing: Called with the name of each module before it is imported.

        Raises:
            UsageError: Something does not import, or is of the wrong kind; every problem at once.
        """
        for one in (*self.workflows, self.data_converter, self.codec, *self._parts):
            module = one.partition(":")[0]
            if module:
                importing(module)
                # What does not import is reported below, by what it was named for.
                with contextlib.suppress(UsageError):
                    _module(module)
        problems: list[str] = []
        classes: dict[type, None] = {}
        for one in self.workflows:
            try:
                classes |= dict.fromkeys(_workflows(one))
            except UsageError as error:
                problems += error.problems
        converter = DataConverter.default
        try:
            converter = self.converter()
        except UsageError as error:
            problems += error.problems
        interceptors = _each(self.interceptors, lambda path: _value(path, Interceptor), problems)
        plugins = _each(self.plugins, lambda path: _value(path, Plugin), problems)
        failure_types = _each(self.failure_types, _exception, problems)
        problems += unknown_modules(self.passthrough, where="--passthrough")
        if not self.workflows:
            problems.append("no workflow is named; pass --workflows MODULE or --workflows MODULE:CLASS.")
        if problems:
            raise UsageError(*problems)
        return Loaded(
            workflows=tuple(classes),
            data_converter=converter,
            interceptors=interceptors,
            plugins=plugins,
            failure_types=failure_types,
            passthrough=self.passthrough,
            sandboxed=self.sandboxed,
        )

    @property
    def _parts(self) -> tuple[str, ...]:
        return (*self.interceptors, *self.plugins, *self.failure_types)

    def converter(self) -> DataConverter:
        """Import the data converter alone, with its codec.

        Raises:
            UsageError: It does not import, or is not a data converter.
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
    plugins: tuple[Plugin, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The workflow types."""
        names = (workflow_definition(one).name for one in self.workflows)
        return frozenset(name for name in names if name is not None)

    @property
    def dynamic(self) -> bool:
        """Whether one of them takes every type."""
        return any(workflow_definition(one).name is None for one in self.workflows)


def loaded(workflows: Sequence[type], options: SdkOptions, *, converter: DataConverter | None = None) -> Loaded:
    """Return the code of an application, with what its workers are built with.

    Args:
        workflows: Its workflow classes.
        options: What it declares.
        converter: The data converter of its clients, which a plugin may have chosen; None for the declared one.
    """
    return Loaded(
        workflows=tuple(workflows),
        data_converter=converter or options.data_converter,
        interceptors=tuple(one for one in options.interceptors if isinstance(one, Interceptor)),
        passthrough=tuple(options.passthrough_modules),
        runner=options.workflow_runner,
        failure_types=tuple(options.workflow_failure_exception_types),
        plugins=tuple(one for one in options.plugins if isinstance(one, Plugin)),
    )


def _workflows(path: str) -> list[type]:
    name, _, attribute = path.partition(":")
    module = _module(name)
    if attribute:
        kind = getattr(module, attribute, None)
        known = [one.__name__ for one in _defined(module)]
        if kind is None:
            raise UsageError(unknown(f"workflow in {name}", attribute, known))
        if not is_workflow(kind):
            raise UsageError(f"{path} is not a workflow: it is not a class decorated with @workflow.defn.")
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
        raise UsageError(_missing(path, f"name a {kind.__name__} as MODULE:NAME.", module))
    value = getattr(module, attribute)
    if inspect.isclass(value) and issubclass(value, kind):
        try:
            value = value()
        except TypeError as error:
            raise UsageError(f"{path} takes arguments ({error}); name an instance of it instead.") from error
    if not isinstance(value, kind):
        raise UsageError(f"{path} is not a {kind.__name__}, it is {value!r}.")
    return value


def _each(paths: Sequence[str], load: Callable[[str], Any], problems: list[str]) -> tuple[Any, ...]:
    """Import what is named, and add what cannot be to the problems."""
    found = []
    for path in paths:
        try:
            found.append(load(path))
        except UsageError as error:
            problems += error.problems
    return tuple(found)


def _exception(path: str) -> type[BaseException]:
    name, _, attribute = path.partition(":")
    module = _module(name)
    kind = getattr(module, attribute, None) if attribute else None
    if kind is None:
        raise UsageError(_missing(path, "name an exception as MODULE:NAME.", module))
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise UsageError(f"{path} is not an exception, it is {kind!r}.")
    return kind


def _missing(path: str, advice: str, module: ModuleType) -> str:
    """Say that a module has no such name, with the one that was probably meant."""
    near = nearest(path.partition(":")[2], [one for one in vars(module) if not one.startswith("_")])
    guess = f" Did you mean {module.__name__}:{near}?" if near else ""
    return f"{path} does not exist; {advice}{guess}"


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        at = [frame for frame in frames if "importlib" not in frame.filename and frame.filename != __file__]
        where = f" ({at[-1].filename}:{at[-1].lineno})" if at else ""
        raise UsageError(
            f"the module {name} does not import: {type(error).__name__}: {error}{where}.{_hint(error)}"
        ) from error


def _hint(error: BaseException) -> str:
    if not isinstance(error, ModuleNotFoundError):
        return ""
    return " Modules are found in the project's folder, its src folder, and where Python finds installed packages."


def import_path(root: Path) -> tuple[str, ...]:
    """Return where a project's modules are: its root, and its src folder if it has one."""
    source = root / "src"
    return (str(root), str(source)) if source.is_dir() and not (source / "__init__.py").exists() else (str(root),)
