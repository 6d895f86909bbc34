"""What an application is built with in the SDK: what is refused, and what becomes of it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.common import SearchAttributeKey
from temporalio.plugin import SimplePlugin
from temporalio.worker import Interceptor, UnsandboxedWorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from harness import Target
from harness.application_side.loading import unknown_modules
from harness.library_internals.workflow_definition import workflow_definition
from harness.workers.sdk_options import SdkOptions, sdk_options
from tests.explored.seat import Seat


class OfWorker(Interceptor):
    """One of a worker."""


class OfBoth(Interceptor, ClientInterceptor):
    """One that comes with the client."""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"passthrough_modules": "json"}, "must be a list of modules, got 'json'"),
        ({"passthrough_modules": ["jsn"]}, "there is no module 'jsn'"),
        ({"passthrough_modules": ["json.decodr"]}, "there is no module 'json.decodr'"),
        ({"passthrough_modules": ["json"], "workflow_runner": UnsandboxedWorkflowRunner()}, "has no effect"),
        ({"interceptors": [OfWorker]}, "in `interceptors` is not an interceptor"),
        ({"interceptors": ["x"]}, "in `interceptors` is not an interceptor"),
        ({"plugins": [SimplePlugin]}, "in `plugins` is not a plugin"),
        ({"workflow_failure_exception_types": ["ValueError"]}, "is not a class of exceptions"),
        ({"workflow_failure_exception_types": [int]}, "is not a class of exceptions"),
        ({"search_attributes": ["OrderId"]}, "is not a key; write SearchAttributeKey.for_keyword('OrderId')"),
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any], told: str) -> None:
    """In one sentence."""
    [problem] = SdkOptions(**said).sdk_problems()

    assert told in problem


def test_sound_options_have_no_problems() -> None:
    """Also modules that are not imported yet."""
    options = SdkOptions(
        passthrough_modules=["json", "wave"],
        interceptors=[OfWorker(), OfBoth()],
        plugins=[SimplePlugin("mine")],
        workflow_failure_exception_types=[ValueError],
        search_attributes=[SearchAttributeKey.for_int("Count")],
    )

    assert [*options.sdk_problems()] == []
    assert SdkOptions(**sdk_options(options)) == options


def test_what_comes_with_the_client_is_not_given_to_the_worker_again() -> None:
    """It would act twice."""
    worker, both = OfWorker(), OfBoth()
    options = SdkOptions(interceptors=[worker, both], plugins=[SimplePlugin("both")])

    assert options.worker_interceptors == [worker]
    assert options.worker_plugins == []


def test_the_sandbox_passes_the_modules_through() -> None:
    """Besides the SDK's own."""
    runner = SdkOptions(passthrough_modules=["shop.money"]).runner

    assert isinstance(runner, SandboxedWorkflowRunner)
    assert "shop.money" in runner.restrictions.passthrough_modules
    assert "asyncio" in runner.restrictions.passthrough_modules


async def test_a_target_beside_its_workflow_imports_no_harness_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is declared there again for each run, with the modules that are loaded already."""
    declared: list[Target] = []
    monkeypatch.setattr(Target, "__post_init__", lambda one: declared.append(one))  # noqa: PLW0108 - it has to bind

    SdkOptions().runner.prepare_workflow(cast("Any", workflow_definition(Seat)))

    assert [[one.__name__ for one in target.workflows] for target in declared] == [["Seat"]]


def test_search_attributes_have_the_types_of_the_server() -> None:
    """As it is started with them."""
    keys: list[SearchAttributeKey[Any]] = [
        SearchAttributeKey.for_keyword_list("Tags"),
        SearchAttributeKey.for_datetime("Due"),
    ]

    assert SdkOptions(search_attributes=keys).search_attribute_types == {"Tags": "KeywordList", "Due": "Datetime"}


def test_unknown_modules_are_named_with_their_place() -> None:
    """An option of a command, for instance."""
    assert [*unknown_modules(["no.such"], where="--passthrough")] == ["--passthrough: there is no module 'no.such'."]
