"""Scenarios of an application in an environment of its own, which has the SDK and the application alone."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent

import pytest

from tests.live.commands import Ended, harness
from tests.live.other_python import environment_with

FILES = {
    "app/workflows.py": """
        from datetime import timedelta
        from temporalio import workflow
        from temporalio.common import RetryPolicy

        @workflow.defn
        class PlaceOrder:
            @workflow.run
            async def run(self, item: str) -> str:
                return await workflow.execute_activity(
                    "charge",
                    item,
                    start_to_close_timeout=timedelta(seconds=5),
                    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100)),
                )
        """,
    "app/worker.py": """
        import asyncio
        import os
        import sys
        import urllib.request
        from concurrent.futures import ThreadPoolExecutor

        from temporalio import activity
        from temporalio.client import Client
        from temporalio.worker import Worker
        from workflows import PlaceOrder

        @activity.defn
        def charge(item: str) -> str:
            knock = urllib.request.Request(os.environ["DOORS_URL"] + "/knock", method="POST")
            with urllib.request.urlopen(knock) as answer:
                return f"{item} {answer.status} {'click' in sys.modules}"

        async def main() -> None:
            client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], namespace=os.environ["TEMPORAL_NAMESPACE"])
            await Worker(
                client,
                task_queue=os.environ["TEMPORAL_TASK_QUEUE"],
                workflows=[PlaceOrder],
                activities=[charge],
                activity_executor=ThreadPoolExecutor(5),
            ).run()

        asyncio.run(main())
        """,
    "checks/harness.toml": """
        scenarios = ["failures"]
        python = "../app/.venv/bin/python"
        """,
    "checks/failures/__init__.py": "",
    "checks/failures/orders/__init__.py": "",
    "checks/failures/doors.py": '''
        from harness import Call, FakeService, Reply, operation

        class Doors(FakeService):
            """Lets in."""

            @operation("POST /knock")
            async def knock(self, call: Call) -> Reply:
                """Come in."""
                return Reply()
        ''',
    "checks/failures/orders/placed.py": '''
        """It is placed although the first knock fails."""

        from failures.doors import Doors
        from harness import Application, FirstCalls, HttpError, Outcome, Scenario, WorkerCommand, WorkerProcesses

        scenario = Scenario(
            application=Application(modules=["workflows"]),
            workflow="PlaceOrder",
            given="book",
            uses=[Doors],
            faults=[HttpError(on=Doors.knock, status=503, when=FirstCalls(n=1))],
            expects=[Outcome(result="book 200 False")],
            workers=WorkerProcesses(own=WorkerCommand(argv=["{python}", "-m", "worker"])),
        )
        ''',
}

OTHERS = [one for one in os.environ.get("OTHER_PYTHONS", "").split(os.pathsep) if one]


@pytest.fixture(params=["sdk alone", *OTHERS])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An application with its environment, and beside it a project of scenarios."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(text), encoding="utf-8")
    if request.param in OTHERS:
        (tmp_path / "app" / ".venv").symlink_to(Path(request.param).parents[1])
    else:
        environment_with(tmp_path / "app" / ".venv", "temporalio")
    return tmp_path / "checks"


async def run(project: Path) -> Ended:
    """Run the scenario."""
    return await harness("run", "orders/placed", cwd=project)


async def test_a_scenario_imports_nothing_of_the_application(project: Path) -> None:
    """Its worker runs, and its run is replayed, in the application's environment."""
    ended = await run(project)
    events = "".join(one.read_text(encoding="utf-8") for one in project.glob("runs/*/orders/placed/events.jsonl"))

    assert ended.code == 0, ended.out + ended.err
    [replayed] = [one for one in events.splitlines() if '"Replayed"' in one]
    assert '"error": null, "unjudged": ""' in replayed


async def test_code_that_is_not_deterministic_is_found_there(project: Path) -> None:
    """In another process than the one that ran it."""
    code = project.parent / "app" / "workflows.py"
    waits = "if os.environ.get('TEMPORAL_TASK_QUEUE'):\n            await asyncio.sleep(0.1)\n        return"
    text = code.read_text(encoding="utf-8").replace("@workflow.defn", "@workflow.defn(sandboxed=False)")
    code.write_text(f"import asyncio\nimport os\n{text.replace('return', waits)}", encoding="utf-8")
    ended = await run(project)

    assert ended.code == 1, ended.out + ended.err
    assert "does not replay against the same code: non-deterministic" in ended.out


async def test_code_that_is_not_there_leaves_the_run_inconclusive(project: Path) -> None:
    """The run itself ended well."""
    scenario = project / "failures" / "orders" / "placed.py"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace('["workflows"]', '["flows"]'), encoding="utf-8")
    ended = await run(project)

    assert ended.code == 4, ended.out + ended.err
    assert "code not imported: the module flows does not import" in ended.out
