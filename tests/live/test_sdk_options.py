"""What an application is built with in the SDK goes to runs, explorations and replays alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.commands import write_files
from tests.live.exploring import harness_ended

PROJECT = {
    "pyproject.toml": """
        [tool.harness]
        scenarios = ["trials"]
        fakes = ["stands"]
        """,
    "stands/__init__.py": "",
    "shop.py": """
        from datetime import timedelta

        from temporalio import activity, workflow
        from temporalio.common import RetryPolicy, SearchAttributeKey
        from temporalio.exceptions import ActivityError

        STATE = SearchAttributeKey.for_keyword("OrderState")


        class Away(Exception):
            pass


        @activity.defn
        async def charge(order: str) -> str:
            return order


        @activity.defn(name="charge")
        async def charge_in_vain(order: str) -> str:
            raise RuntimeError("away")


        @workflow.defn
        class Order:
            @workflow.run
            async def run(self, order: str) -> str:
                workflow.upsert_search_attributes([STATE.value_set("new")])
                retries = RetryPolicy(maximum_attempts=2)
                within = timedelta(seconds=5)
                try:
                    return await workflow.execute_activity(
                        "charge", order, result_type=str, start_to_close_timeout=within, retry_policy=retries
                    )
                except ActivityError as error:
                    raise Away("no answer") from error
        """,
    "plugins.py": """
        import threading

        from temporalio import workflow
        from temporalio.plugin import SimplePlugin
        from temporalio.worker import Interceptor, WorkflowInboundInterceptor

        from shop import Away


        class Slow(WorkflowInboundInterceptor):
            async def execute_workflow(self, input):
                await workflow.sleep(0.01)  # a command: without it, no history replays
                return await super().execute_workflow(input)


        class Slowing(Interceptor):
            lock = threading.Lock()

            def workflow_interceptor_class(self, input):
                return Slow


        class Library(SimplePlugin):
            def __init__(self):
                super().__init__("shop.Library", interceptors=[Slowing()], workflow_failure_exception_types=[Away])
                self.lock = threading.Lock()  # cannot be pickled


        LIBRARY = Library()
        """,
    "target.py": """
        import plugins
        import shop

        from harness import Target, at_most_once

        target = Target(
            workflows=[shop.Order],
            activities=[shop.charge],
            workflow=shop.Order.run,
            given=lambda token: token,
            invariants=[at_most_once(shop.charge, key=lambda effect: effect.arguments)],
            plugins=[plugins.LIBRARY],
            search_attributes=[shop.STATE],
            passthrough_modules=["plugins"],
        )
        """,
    "undeclared.py": """
        from datetime import timedelta

        import shop

        from harness import Target

        target = Target(
            workflows=[shop.Order],
            activities=[shop.charge],
            workflow=shop.Order.run,
            given=lambda token: token,
            deadline=timedelta(hours=1),
        )
        """,
    "worker.py": """
        import plugins
        import shop
        from temporalio.worker import Worker


        async def main(*, client, task_queue):
            worker = Worker(
                client,
                task_queue=task_queue,
                workflows=[shop.Order],
                activities=[shop.charge_in_vain],
                workflow_failure_exception_types=[shop.Away],
                interceptors=[plugins.Slowing()],
            )
            await worker.run()
        """,
    "trials/__init__.py": "",
    "trials/shop/__init__.py": "",
    "trials/shop/here.py": '''
        """The workflow fails, since the library's exception is a failure."""

        import plugins
        import shop

        from harness import Application, AtMostOnce, Outcome, Scenario, Status


        def activities():
            return [shop.charge_in_vain]


        scenario = Scenario(
            application=Application(
                workflows=[shop.Order],
                activities=activities,
                plugins=[plugins.LIBRARY],
                search_attributes=[shop.STATE],
                passthrough_modules=["plugins"],
            ),
            workflow=shop.Order.run,
            given="1",
            expects=[Outcome(status=Status.FAILED)],
        )
        ''',
    "trials/shop/in_a_process.py": '''
        """The same in a worker process."""

        from dataclasses import replace

        from harness import WorkerProcesses
        from trials.shop import here

        scenario = replace(here.scenario, workers=WorkerProcesses())
        ''',
    "trials/shop/own_worker.py": '''
        """The same in a worker of the application's own, which reports what it is built with."""

        import shop
        from dataclasses import replace

        from harness import Application, WorkerModule, WorkerProcesses
        from trials.shop import here

        scenario = replace(
            here.scenario,
            application=Application(workflows=[shop.Order], search_attributes=[shop.STATE]),
            workers=WorkerProcesses(own=WorkerModule(entry="worker:main")),
        )
        ''',
    "trials/shop/nobody_has_it.py": '''
        """An oracle names an activity that no worker has."""

        from dataclasses import replace
        from datetime import timedelta

        from harness import RetrySchedule
        from trials.shop import here

        wrong = RetrySchedule(activity="chrage", initial=timedelta(seconds=1))
        scenario = replace(here.scenario, expects=[*here.scenario.expects, wrong])
        ''',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a plugin that changes what its workflows do."""
    return write_files(tmp_path, PROJECT)


async def test_a_run_and_its_replay_have_the_application_s_options(project: Path) -> None:
    """In this process, in a worker process, and in a worker of the application's own."""
    names = ("shop/here", "shop/in_a_process", "shop/own_worker")
    ended = await harness_ended("run", *names, "--no-watch", cwd=project)

    assert ended.code == 0, f"{ended.out}{ended.err}"


async def test_an_exploration_and_its_replays_have_them_too(project: Path) -> None:
    """An injected failure fails the workflow, and not its task."""
    ended = await harness_ended("explore", "target.py", cwd=project)

    assert ended.code == 0, f"{ended.out}{ended.err}"
    assert "PASSED" in f"{ended.out}{ended.err}"


async def test_an_undeclared_search_attribute_is_asked_for(project: Path) -> None:
    """It is no finding against the application, and is noticed long before the deadline."""
    ended = await harness_ended("explore", "undeclared.py", cwd=project)

    assert ended.code == 2, f"{ended.out}{ended.err}"
    assert 'search_attributes=[SearchAttributeKey.for_keyword("OrderState")]' in f"{ended.out}{ended.err}"


async def test_an_oracle_about_an_activity_that_no_worker_has_proves_nothing(project: Path) -> None:
    """The run is INCONCLUSIVE, and says what the worker has."""
    ended = await harness_ended("run", "shop/nobody_has_it", "--no-watch", cwd=project)

    assert ended.code == 4, f"{ended.out}{ended.err}"
    assert "names an unknown activity 'chrage'. Did you mean 'charge'?" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "chrage#1:lost"], "--only chrage#1:lost: unknown call 'chrage'. Did you mean 'charge'?"),
        (["--only", "charge#1:twice"], "twice cannot be injected at charge"),
    ],
)
async def test_a_schedule_that_can_never_be_is_refused(project: Path, arguments: list[str], told: str) -> None:
    """Its fault would never be injected."""
    ended = await harness_ended("explore", "target.py", *arguments, cwd=project)

    assert ended.code == 2, f"{ended.out}{ended.err}"
    assert told in ended.out + ended.err
