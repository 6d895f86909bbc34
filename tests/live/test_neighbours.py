"""One scenario cannot turn another red: they share a process, and an activity of one may block its event loop."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.live.commands import harness, make_project

NAPS = '''
    """Naps: by the loop, or by keeping it from everything else."""

    import asyncio
    import time
    from datetime import timedelta

    from temporalio import activity, workflow
    from temporalio.common import RetryPolicy


    neighbour_naps = asyncio.Event()


    @activity.defn
    async def nap(blocks: bool) -> None:
        if not blocks:
            neighbour_naps.set()
        await asyncio.sleep(0.4)


    @activity.defn
    async def block() -> None:
        await neighbour_naps.wait()
        time.sleep(3)


    @workflow.defn
    class Naps:
        @workflow.run
        async def run(self, blocks: bool) -> None:
            once = RetryPolicy(maximum_attempts=1)
            for _ in range(5):
                await workflow.execute_activity(
                    nap, blocks, start_to_close_timeout=timedelta(seconds=1.5), retry_policy=once
                )
                if blocks:
                    await workflow.execute_activity(
                        block, start_to_close_timeout=timedelta(seconds=20), retry_policy=once
                    )
                    return
    '''

SCENARIO = '''
    """{name}."""

    from harness import Application, Outcome, Scenario
    from trials.naps.workflow import Naps, block, nap

    scenario = Scenario(
        application=Application(workflows=[Naps], activities=lambda: [nap, block]),
        workflow=Naps.run,
        given={blocks},
        expects=[Outcome()],
    )
    '''


async def test_whom_an_activity_held_up_is_run_again_and_the_activity_is_named(tmp_path: Path) -> None:
    """The neighbour's attempt has timed out meanwhile; alone it passes."""
    project = make_project(tmp_path)
    folder = project / "trials" / "naps"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "workflow.py").write_text(dedent(NAPS), encoding="utf-8")
    for name, blocks in (("blocks", True), ("neighbour", False)):
        (folder / f"{name}.py").write_text(dedent(SCENARIO.format(name=name, blocks=blocks)), encoding="utf-8")

    ended = await harness("run", "naps/*", cwd=project)

    assert ended.code == 1, ended.out
    assert "PASSED       naps/neighbour" in ended.out
    assert (
        "run again alone: in its first run, which was FAILED, block of naps/blocks blocked the event loop" in ended.out
    )
    assert "FAILED       naps/blocks" in ended.out
    assert "lets_others_go_on: block blocked the event loop at trials/naps/workflow.py:" in ended.out
    assert "1 passed, 0 inconclusive, 1 failed" in ended.out
