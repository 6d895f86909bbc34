"""One run, from its declaration to its verdict: of a scenario, or of one schedule of an exploration.

1. the scenario comes resolved by name and refused when wrong (`harness.catalog`, `harness.scenario`);
2. the environment is up: a Temporal server and a Toxiproxy, shared with other runs (`harness.environment`);
3. the fakes it uses are started, one proxy in front of each;
4. the worker is started, with the proxies' addresses as its base URLs;
5. the faults are armed as their triggers say;
6. the workflow is started, driven and watched until it ends, is stuck, or its deadline passes;
7. everything armed is healed, in reverse order, on every way out;
8. the evidence is collected, once stragglers have finished: histories, journals, what the proxies carried;
9. every history is replayed against the same code;
10. the evidence is judged;
11. the run folder is written, if there is one.

What a step does is up to the subject of the run: `harness.run.scenario_run` takes a scenario through them with fakes,
proxies and workers of its own; on a worker that many schedules share (`harness.explore.backends.shared_worker`), steps
2 to 4 are done once for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from harness.application_side.why import why
from harness.errors import HarnessError
from harness.events import RunBroken, RunInterrupted
from harness.evidence.event_stream import Stream
from harness.evidence.evidence import Evidence
from harness.evidence.run_folder import RunFolder, save_index
from harness.judge import Expectations, judge
from harness.results import Result
from harness.run.story import story
from harness.run.without_secrets import without_secrets
from harness.temporal.fetched_history import FetchedHistory
from harness.verdict import worst


class Subject(Protocol):
    """What is run, and how each step is done for it.

    Attributes:
        name: What the run is called.
        seed: What its choices of chance are drawn from.
        stream: Takes everything that happens.
        histories: The histories that were collected.
    """

    name: str
    seed: int
    stream: Stream
    histories: list[FetchedHistory]

    @property
    def expectations(self) -> Expectations:
        """What the run is judged by."""

    def environment(self) -> AbstractAsyncContextManager[None]:
        """Steps 2 and 3: have the servers and fakes up inside the context."""

    def working(self) -> AbstractAsyncContextManager[None]:
        """Steps 4, 5 and 7: have the worker up and the faults armed inside the context; leaving it ends both."""

    async def drive(self) -> None:
        """Step 6: see the workflow to its end, whichever that is."""

    async def collect(self) -> None:
        """Step 8: gather what the run has not recorded by itself."""

    async def replay(self) -> None:
        """Step 9: replay every history."""

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """Keep everything up for somebody to look, if that is wanted."""


async def run(
    subject: Subject,
    *,
    folder: RunFolder | None = None,
    repeat: str = "",
    interrupted: Callable[[Result], None] = lambda _: None,
) -> Result:
    """Run and judge a subject. Whatever breaks the run is recorded, since other runs go on.

    Args:
        subject: What to run.
        folder: Where it is kept; None for a run that is not.
        repeat: The command that repeats it.
        interrupted: Receives what there is when the run is interrupted.

    Raises:
        EnvironmentUnavailable: The run folder cannot be written.
        asyncio.CancelledError: The run was interrupted; its record is marked so.
    """
    clock = asyncio.get_running_loop().time
    begun = clock()

    def conclude() -> Result:
        evidence = Evidence(
            scenario=subject.name,
            seed=subject.seed,
            events=subject.stream.events,
            histories=tuple(subject.histories),
        )
        findings = judge(subject.expectations, evidence)  # 10
        result = Result(
            name=subject.name,
            verdict=worst(finding.verdict for finding in findings),
            findings=findings,
            evidence=evidence,
            folder=Path() if folder is None else folder.path,
            took=timedelta(seconds=clock() - begun),
            repeat=repeat,
        )
        return result if folder is None else _kept(folder, result, subject)  # 11

    try:
        async with subject.environment():  # 2, 3
            async with subject.working():  # 4, 5, 7
                await subject.drive()  # 6
            await subject.collect()  # 8
            await subject.replay()  # 9
            await subject.hold(conclude)
    except asyncio.CancelledError:
        subject.stream.emit(RunInterrupted())
        interrupted(conclude())
        raise
    except HarnessError as error:
        subject.stream.emit(RunBroken(what=str(error)))
    except Exception as error:  # noqa: BLE001 - whatever breaks a run leaves it without proof, and others running
        subject.stream.emit(RunBroken(what=f"the run broke: {why(error)}"))
    return conclude()


def _kept(folder: RunFolder, result: Result, subject: Subject) -> Result:
    result, histories = without_secrets(result, subject.histories, folder.redactor, subject.expectations)
    folder.write_events(result.evidence.events)
    for one in histories:
        folder.write_history(one.fetched.to_json(), workflow_id=one.workflow_id, run_id=one.run_id)
    folder.write_decoded({one.run_id: one.decoded for one in histories if one.decoded is not None})
    save_index(folder, result.evidence)
    folder.write("story.md", story(result))
    return replace(result, folder=folder.path, note=folder.moved_because)
