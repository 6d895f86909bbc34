"""The histories of runs, replayed in other processes: what differs between processes is found, and nothing hangs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent, indent
from threading import Lock

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter, PayloadCodec

from harness.application_side.loading import Loaded
from harness.processes.guard import ProcessGuard
from harness.replay.engine.run_replays import Replays, replayed
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome
from tests.unit.replay.made_histories import activity, history

SOURCE = """
    import os
    from datetime import timedelta
    from temporalio import workflow

    count = iter(range(1000))
    at_import = os.environ.get("PLACE", "nowhere")

    async def call(name: str) -> None:
        await workflow.execute_activity(name, 5, start_to_close_timeout=timedelta(seconds=10))

    @workflow.defn{options}
    class Shop:
        @workflow.run
        async def run(self) -> None:
"""


@pytest_asyncio.fixture
async def replays(tmp_path: Path) -> AsyncIterator[Replays]:
    """Processes that replay."""
    async with ProcessGuard() as guard, Replays(guard, tmp_path) as service:
        yield service


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module of this test alone, which the other process can import."""
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / f"shop_{tmp_path.name.replace('-', '_')}.py"
    yield file
    sys.modules.pop(file.stem, None)


def code(module: Path, body: str, *, sandboxed: bool = True) -> Loaded:
    """A workflow with this body."""
    source = dedent(SOURCE).replace("{options}", "" if sandboxed else "(sandboxed=False)")
    module.write_text(source + indent(dedent(body), " " * 8), encoding="utf-8")
    return Loaded(workflows=(importlib.import_module(module.stem).Shop,))


def ran(name: str) -> WorkflowHistory:
    """A run that has called this activity first, so far."""
    return WorkflowHistory(workflow_id="shop-1", events=history(activity("1", name)))


async def judged(service: Replays, loaded: Loaded, name: str, **env: str) -> Judgement:
    """The judgement of one run."""
    [judgement] = await service.judge([ran(name)], loaded, env=env)
    return judgement


async def test_the_order_of_a_set_is_found(replays: Replays, module: Path) -> None:
    """Whichever of the two comes first here: some process has them the other way round."""
    loaded = code(module, 'for name in {"charge", "refund"}: await call(name)')
    first, second = [await judged(replays, loaded, name) for name in ("charge", "refund")]

    assert {first.outcome, second.outcome} == {ReplayOutcome.NON_DETERMINISTIC}
    assert "workflow.patched" not in first.remedy
    assert "the order of a set" in first.remedy
    assert replayed(first).error is not None


async def test_state_of_the_process_is_found(replays: Replays, module: Path) -> None:
    """A counter of the module, which code outside of the sandbox shares with other runs."""
    loaded = code(module, 'await call("refund" if next(count) % 2 else "charge")', sandboxed=False)

    for name in ("charge", "refund"):
        assert (await judged(replays, loaded, name)).outcome is ReplayOutcome.NON_DETERMINISTIC


async def test_the_environment_of_the_worker_is_that_of_the_replay(replays: Replays, module: Path) -> None:
    """Also where a module reads it as it is imported."""
    loaded = code(module, "await call(at_import)")

    assert (await judged(replays, loaded, "paris", PLACE="paris")).outcome is ReplayOutcome.REPLAYS
    assert (await judged(replays, loaded, "rome", PLACE="rome")).outcome is ReplayOutcome.REPLAYS
    assert (await judged(replays, loaded, "rome", PLACE="paris")).outcome is ReplayOutcome.NON_DETERMINISTIC


@pytest.mark.parametrize(
    "body",
    ["while True: pass", "import time; time.sleep(600)", "try: await call('charge')\nfinally: import os; os._exit(3)"],
    ids=["loops", "blocks", "takes its process along"],
)
async def test_what_does_not_end_is_not_judged(replays: Replays, module: Path, body: str) -> None:
    """Nor does it keep another run from being judged."""
    bad = await judged(replays, code(module, body, sandboxed=False), "charge")
    sys.modules.pop(module.stem)
    good = await judged(replays, code(module.with_name("good_one.py"), 'await call("charge")'), "charge")

    assert bad.reason in {NotJudged.DOES_NOT_YIELD, NotJudged.DIED}
    assert (replayed(bad).error, bool(replayed(bad).unjudged)) == (None, True)
    assert good.outcome is ReplayOutcome.REPLAYS


class Locked(PayloadCodec):
    """Cannot be pickled."""

    def __init__(self) -> None:
        self.lock = Lock()

    async def encode(self, payloads: Sequence[object]) -> list[object]:  # type: ignore[override]
        """As it is."""
        return list(payloads)

    async def decode(self, payloads: Sequence[object]) -> list[object]:  # type: ignore[override]
        """As it is."""
        return list(payloads)


CODEC = Locked()


async def test_a_codec_that_does_not_pickle_is_found_by_its_name(replays: Replays, module: Path) -> None:
    """In the variable of a module; one that is in none cannot be had in another process, and that is said."""
    loaded = code(module, 'await call("charge")')
    named = replace(loaded, data_converter=replace(DataConverter.default, payload_codec=CODEC))
    nameless = replace(loaded, data_converter=replace(DataConverter.default, payload_codec=Locked()))

    assert (await judged(replays, named, "charge")).outcome is ReplayOutcome.REPLAYS
    lost = await judged(replays, nameless, "charge")
    assert lost.reason is NotJudged.HARNESS
    assert "in a variable of a module" in lost.message


async def test_a_run_without_a_decision_is_left_out(replays: Replays, module: Path) -> None:
    """Nothing could differ."""
    loaded = code(module, 'await call("charge")')

    assert await replays.check([WorkflowHistory(workflow_id="shop-1", events=history()[:3])], loaded) == []
