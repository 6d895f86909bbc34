"""The application under test, as its own worker would be built."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.common import Priority, RetryPolicy, SearchAttributeKey, TypedSearchAttributes

from harness.errors import UsageError, wrong_duration
from harness.library_internals.workflow_definition import is_workflow
from harness.workers.sdk_options import SdkOptions

Activities = Sequence[Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class StartOptions:
    """How the scenario's workflow is started, in Temporal's terms.

    Attributes:
        execution_timeout: For all its runs together. None leaves it to the harness, which sets it beyond the scenario's
            deadline so that no workflow is left open.
        run_timeout: For each run; None for no limit.
        task_timeout: For a workflow task. Half of Temporal's default, so that a lost one is noticed sooner, and long
            enough for the first task of many concurrent runs on two cores.
        retry_policy: With which the server retries a failed or timed-out run; None for none.
        memo: Its memo.
        search_attributes: Its search attributes; they need not be declared again.
        priority: Its priority.

    Raises:
        UsageError: A timeout is not positive.
    """

    execution_timeout: timedelta | None = None
    run_timeout: timedelta | None = None
    task_timeout: timedelta = timedelta(seconds=5)
    retry_policy: RetryPolicy | None = None
    memo: Mapping[str, Any] | None = None
    search_attributes: TypedSearchAttributes | None = None
    priority: Priority = Priority.default

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in ("execution_timeout", "run_timeout", "task_timeout")}
        wrong = [
            f"StartOptions: {problem}"
            for name, value in given.items()
            if value is not None and (problem := wrong_duration(name, value))
        ]
        if wrong:
            raise UsageError(*wrong)

    @property
    def described(self) -> Mapping[str, Any]:
        """What describes the workflow, as options of the SDK."""
        return {"memo": self.memo, "search_attributes": self.search_attributes, "priority": self.priority}

    @property
    def search_attribute_keys(self) -> Sequence[SearchAttributeKey[Any]]:
        """The keys of its search attributes."""
        return [one.key for one in self.search_attributes or ()]


PLAINLY = StartOptions()
"""How a workflow is started by default."""


@dataclass(frozen=True, kw_only=True)
class Application(SdkOptions):
    """The application under test, as its own worker would be built.

    What its workers and clients are built with in the SDK is declared as for `SdkOptions`: its data converter,
    interceptors, plugins, `workflow_failure_exception_types`, workflow runner or passthrough modules, and search
    attributes. Beside a custom worker it says what the harness cannot read from that worker, for the replay.

    Attributes:
        workflows: Its workflow classes.
        modules: In their place, where the application has an interpreter of its own: import paths of its workflows
            there, `module` for all of a module, or `module:Class`. They are imported for the replay alone.
        converter: Likewise, of its data converter there, `module:name`; "" for the SDK's.
        activities: Makes its activities. Called with the base URL of each fake the scenario uses, as keyword
            arguments named after the fakes, such as `flights="http://127.0.0.1:40001"`. Returns the activities,
            or an async context manager that yields them and closes what they held open.
    """

    workflows: Sequence[type] = ()
    modules: Sequence[str] = ()
    converter: str = ""
    activities: Callable[..., Activities | AbstractAsyncContextManager[Activities]] | None = None

    def made(self, base_urls: Mapping[str, str]) -> Activities | AbstractAsyncContextManager[Activities]:
        """Make the activities, with the base URLs that they take: fakes with hosts are reached without."""
        if self.activities is None:
            return ()
        return self.activities(**taken_by(self.activities, base_urls))

    def _wrong_modules(self) -> Iterator[str]:
        if isinstance(self.modules, str):
            yield f"Application: modules must be a list of texts, got {self.modules!r}."
            return
        yield from (
            f"Application: {one!r} in `modules` is not MODULE or MODULE:CLASS, such as shop.workflows:Order."
            for one in self.modules
            if not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*(:[^\W\d]\w*)?", one)
        )
        if self.converter and not self.modules:
            yield "Application: converter goes with modules=...; beside workflow classes, give data_converter."
        if self.modules and self.workflows:
            yield "Application: give workflows or modules, not both."

    def problems(self, services: Sequence[str], *, by_host: Collection[str] = ()) -> Iterator[str]:
        """Yield what keeps this application from being built with these fakes, one sentence each.

        Args:
            services: The names of the fakes.
            by_host: Those of them that need no base URL.
        """
        yield from self._wrong_modules()
        if not self.workflows and not self.modules:
            yield "Application: workflows is empty; name at least one workflow class."
        for workflow in self.workflows:
            if not is_workflow(workflow):
                yield f"Application: {workflow!r} in `workflows` is not a workflow: it lacks @workflow.defn."
        yield from self.sdk_problems()
        if self.activities is None:
            return
        parameters = inspect.signature(self.activities).parameters
        if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
            return
        for name, one in parameters.items():
            if name not in services and one.default is one.empty:
                yield f"the activities need a base URL {name!r}, but the scenario uses no fake of that name."
        for name in services:
            if name not in parameters and name not in by_host:
                yield f"the scenario uses the fake {name!r}, but the activities take no base URL of that name."


def taken_by(function: Callable[..., Any], base_urls: Mapping[str, str]) -> dict[str, str]:
    """Return the base URLs that a function takes."""
    parameters = inspect.signature(function).parameters
    takes_any = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    return {name: url for name, url in base_urls.items() if takes_any or name in parameters}
