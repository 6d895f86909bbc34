"""A custom worker, in place of one that the harness builds: a function in a module, or a command line."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from string import Formatter
from typing import Any

from harness.errors import UsageError, unknown
from harness.workers.application import Application

GIVEN = ("client", "task_queue")
"""The arguments of a worker's function besides the base URLs."""

PLACEHOLDERS = ("temporal", "namespace", "task_queue", "python")
"""The placeholders of a command line besides the fakes' names."""


@dataclass(frozen=True, kw_only=True)
class WorkerModule:
    """A coroutine function that builds a worker and runs it until it is cancelled.

    It is called with the keyword arguments `client` and `task_queue`, and with the base URL of each fake under the
    fake's name. The worker must be built with that client: it carries the harness's interceptor (`WorkerPlugin`), with
    which the harness sees as much as in a worker that it builds itself.

    Attributes:
        entry: Its import path, such as "shop.worker:main".
    """

    entry: str

    @property
    def tells(self) -> bool:
        """Whether it reports attempts and failpoints: yes, through its client."""
        return True

    def problems(self, services: Sequence[str]) -> Iterator[str]:  # noqa: ARG002 - known once it is imported
        """Yield what is wrong with it, as far as that shows before it is imported, one sentence each."""
        if not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", self.entry):
            yield f"WorkerModule: entry must be 'package.module:function', got {self.entry!r}."

    def load(
        self, services: Sequence[str], *, by_host: Collection[str] = ()
    ) -> Callable[..., Coroutine[Any, Any, object]]:
        """Import it.

        Args:
            services: The names of the fakes.
            by_host: Those of them whose base URLs it need not take.

        Raises:
            ImportError: The module cannot be imported.
            UsageError: There is no such function, or it does not take the arguments that it is called with.
        """
        module, _, name = self.entry.partition(":")
        home = import_module(module)
        if not hasattr(home, name):
            raise UsageError(unknown(f"function of {module}", name, [one for one in vars(home) if one[0] != "_"]))
        function: Any = getattr(home, name)
        if not inspect.iscoroutinefunction(function):
            raise UsageError(
                f"{self.entry} is not a coroutine function; write `async def {name}(*, client, task_queue)`."
            )
        takes = inspect.signature(function).parameters.values()
        by_name = {one.name for one in takes if one.kind in {one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD}}
        needed = {one.name for one in takes if one.name in by_name and one.default is one.empty}
        given = [one for one in (*GIVEN, *services) if one not in by_host or one in by_name]
        takes_any = any(one.kind is one.VAR_KEYWORD for one in takes)
        problems = [f"{self.entry} takes no argument {one!r}." for one in given if not takes_any and one not in by_name]
        problems += [
            f"{self.entry} needs an argument {one!r}, and no fake has that name." for one in sorted(needed - {*given})
        ]
        problems += [
            f"{self.entry} takes {one.name!r} by position only; it must take it by keyword."
            for one in takes
            if one.kind is one.POSITIONAL_ONLY
        ]
        if problems:
            raise UsageError(*problems)
        return function  # type: ignore[no-any-return]


@dataclass(frozen=True, kw_only=True)
class WorkerCommand:
    """A program that runs a worker until SIGTERM, in any language.

    It reads what to connect to from environment variables: `TEMPORAL_ADDRESS` and `TEMPORAL_NAMESPACE`, which
    Temporal's environment configuration reads, `TEMPORAL_TASK_QUEUE`, and `<FAKE>_URL` for each fake, such as
    `FLIGHTS_URL`; or from placeholders: `{temporal}`, `{namespace}`, `{task_queue}`, `{flights}`, and `{python}` for
    the application's Python, `python` in [tool.harness], or else the one that runs the harness. Write a literal brace
    twice.

    The harness sees nothing inside it, unless its client has the `WorkerPlugin`.

    Attributes:
        argv: Program and arguments, with placeholders.
        env: Further environment variables, with placeholders.
        tells: Whether its client has the `WorkerPlugin`, which reports attempts and failpoints.
    """

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    tells: bool = False

    @property
    def constant_env(self) -> Mapping[str, str]:
        """The environment variables that are the same in each run: those without a placeholder."""
        return {
            name: value.format()
            for name, value in self.env.items()
            if all(field is None for _, field, _, _ in Formatter().parse(value))
        }

    def problems(self, services: Sequence[str]) -> Iterator[str]:
        """Yield what is wrong with it, one sentence each."""
        if isinstance(self.argv, str) or not self.argv or not self.argv[0]:
            yield f"WorkerCommand: argv must be a list such as ['python', '-m', 'shop'], got {self.argv!r}."
            return
        possible = (*PLACEHOLDERS, *services)
        for text in (*self.argv, *self.env.values()):
            try:
                names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
            except ValueError as error:
                yield f"WorkerCommand: {text!r} cannot be read: {error}. Write a literal brace twice."
                continue
            for name in names:
                if name not in possible:
                    yield f"WorkerCommand: {text!r}: {unknown('placeholder', name, possible)}"


CustomWorker = WorkerModule | WorkerCommand
"""A custom worker."""


def problems_of(own: CustomWorker, application: Application, services: Sequence[str]) -> Iterator[str]:
    """Yield what keeps a custom worker from running a scenario, one sentence each."""
    yield from own.problems(services)
    if application.activities is not None:
        yield "own=... brings its own activities; remove activities=... from the application."
