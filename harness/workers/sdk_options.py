"""What an application's own workers and clients are built with, in the SDK's terms.

One value goes to runs, explorations and replays alike: what only one of them knew would make the others judge another
application.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.client import Plugin as ClientPlugin
from temporalio.common import SearchAttributeKey
from temporalio.converter import DataConverter
from temporalio.worker import Interceptor, Plugin, Worker, WorkerConfig, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from harness.application_side.loading import unknown_modules
from harness.library_internals.activity_definition import activity_name

OURS = "harness"
"""Passed through the sandbox: a target may stand beside its workflow, and the sandbox would import all that it is
declared with again for each run. It has no state that workflow code sees."""


@dataclass(frozen=True, kw_only=True)
class SdkOptions:
    """What an application's own workers and clients are built with.

    Attributes:
        data_converter: Its data converter, if it is not the SDK's default.
        interceptors: Its interceptors, of its clients and of its workers.
        plugins: Its plugins, of its clients and of its workers.
        workflow_failure_exception_types: The exceptions that fail a workflow, and not only its task.
        workflow_runner: Its workflow runner, if it is not the SDK's sandbox.
        passthrough_modules: Modules that the sandbox passes through, besides the SDK's own and the harness.
        search_attributes: The search attributes that it uses, such as `SearchAttributeKey.for_keyword("OrderId")`. The
            harness registers them on the dev servers that it starts.
    """

    data_converter: DataConverter = DataConverter.default
    interceptors: Sequence[ClientInterceptor | Interceptor] = ()
    plugins: Sequence[ClientPlugin | Plugin] = ()
    workflow_failure_exception_types: Sequence[type[BaseException]] = ()
    workflow_runner: WorkflowRunner | None = None
    passthrough_modules: Sequence[str] = ()
    search_attributes: Sequence[SearchAttributeKey[Any]] = ()

    def client(self, client: Client) -> Client:
        """Return a client like this one, on the same connection, as the application would build it."""
        config = client.config()
        config["data_converter"] = self.data_converter
        config["interceptors"] = [
            *config["interceptors"],
            *(one for one in self.interceptors if isinstance(one, ClientInterceptor)),
        ]
        config["plugins"] = [*config["plugins"], *(one for one in self.plugins if isinstance(one, ClientPlugin))]
        return Client(**config)

    @property
    def runner(self) -> WorkflowRunner:
        """The workflow runner of its workers."""
        if self.workflow_runner is not None:
            return self.workflow_runner
        return SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(OURS, *self.passthrough_modules)
        )

    @property
    def worker_interceptors(self) -> list[Interceptor]:
        """The interceptors of its workers that do not come with their client."""
        return [one for one in self.interceptors if not isinstance(one, ClientInterceptor)]

    @property
    def worker_plugins(self) -> list[Plugin]:
        """The plugins of its workers that do not come with their client."""
        return [one for one in self.plugins if not isinstance(one, ClientPlugin)]

    @property
    def search_attribute_types(self) -> Mapping[str, str]:
        """The types of its search attributes by their names, as the server calls them."""
        return {one.name: server_type(one) for one in self.search_attributes}

    def sdk_problems(self) -> Iterator[str]:
        """Yield what is wrong with them, one sentence each."""
        if isinstance(self.passthrough_modules, str):
            yield f"passthrough_modules must be a list of modules, got {self.passthrough_modules!r}."
        else:
            yield from unknown_modules(self.passthrough_modules, where="passthrough_modules")
        if self.workflow_runner is not None and self.passthrough_modules:
            yield "passthrough_modules has no effect with a workflow_runner, which decides that itself; remove it."
        kinds: Mapping[str, tuple[Any, str]] = {
            "interceptors": (ClientInterceptor | Interceptor, "an interceptor of a client or of a worker"),
            "plugins": (ClientPlugin | Plugin, "a plugin of a client or of a worker"),
            "search_attributes": (SearchAttributeKey, "a key; write SearchAttributeKey.for_keyword('OrderId')"),
        }
        for name, (kind, words) in kinds.items():
            yield from (
                f"{one!r} in `{name}` is not {words}." for one in getattr(self, name) if not isinstance(one, kind)
            )
        for given in self.workflow_failure_exception_types:
            if not _is_exception(given):
                yield f"{given!r} in `workflow_failure_exception_types` is not a class of exceptions."


def _is_exception(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, BaseException)


def sdk_options(options: SdkOptions) -> dict[str, Any]:
    """Return the options of a declaration as keyword arguments of another."""
    return {name: getattr(options, name) for name in SdkOptions.__dataclass_fields__}


def server_type(key: SearchAttributeKey[Any]) -> str:
    """Return the type of a search attribute as the server calls it, such as "KeywordList"."""
    return "".join(word.capitalize() for word in key.indexed_value_type.name.split("_"))


def options_of(config: WorkerConfig) -> SdkOptions:
    """Return what a worker is built with, from its configuration after all plugins."""
    client = config["client"]
    shared = [one for one in client.config(active_config=True)["interceptors"] if isinstance(one, Interceptor)]
    own = [one for one in config.get("interceptors", ()) if one not in shared]
    return SdkOptions(
        data_converter=client.data_converter,
        interceptors=(*shared, *own),
        workflow_failure_exception_types=tuple(config.get("workflow_failure_exception_types", ())),
        workflow_runner=config.get("workflow_runner"),
    )


def activity_types(worker: Worker) -> tuple[str, ...]:
    """Return the types of a worker's activities, those of its plugins included; "*" for a dynamic one."""
    return tuple(map(activity_name, worker.config(active_config=True).get("activities", ())))
