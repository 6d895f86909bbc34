"""The code that histories are replayed against, named by import path so that any process can load it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields

from temporalio.converter import DataConverter
from temporalio.worker import Interceptor, Plugin

from harness.application_side.loading import CannotLoad, Loaded, LoadProblem, converter, load
from harness.errors import UsageError, nearest, unknown
from harness.workers.sdk_options import SdkOptions


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
        try:
            return load(asdict(self), importing=importing)
        except CannotLoad as cannot:
            raise UsageError(*map(in_words, cannot.problems)) from cannot

    def converter(self) -> DataConverter:
        """Import the data converter alone, with its codec.

        Raises:
            UsageError: It does not import, or is not a data converter.
        """
        try:
            return converter(self.data_converter, self.codec)
        except CannotLoad as cannot:
            raise UsageError(*map(in_words, cannot.problems)) from cannot


def in_words(problem: LoadProblem) -> str:
    """Say what is wrong with a name, with the one that was probably meant."""
    if problem.kind:
        return unknown(problem.kind, problem.asked, problem.known)
    near = nearest(problem.asked, problem.known) if problem.asked else None
    return f"{problem.words} Did you mean {problem.home}{near}?" if near else problem.words


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
