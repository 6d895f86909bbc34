"""What a team writes by hand: each test starts a dev server and a worker of its own, as the SDK's samples show.

Not a test of this project (pytest does not collect it): `tests.benchmarks.suite` runs it as the other side of a ratio.
"""

from __future__ import annotations

import shutil
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from scenarios.saga.activities import Step
from scenarios.saga.workflow import BookTrip, Patience, Trip

TESTS = 6

IMPATIENT = Patience(first_wait=timedelta(milliseconds=20), undo_first_wait=timedelta(milliseconds=40))


@activity.defn(name="book_car")
async def book_car(step: Step) -> str:
    """Book."""
    return step.item


@activity.defn(name="book_hotel")
async def book_hotel(step: Step) -> str:
    """Book."""
    return step.item


@activity.defn(name="book_flight")
async def book_flight(step: Step) -> str:
    """Fail each time, so that it is tried three times."""
    raise ApplicationError(f"no {step.item}")


@activity.defn(name="cancel_car")
async def cancel_car(_step: Step) -> None:
    """Cancel."""


@activity.defn(name="cancel_hotel")
async def cancel_hotel(_step: Step) -> None:
    """Cancel."""


@activity.defn(name="cancel_flight")
async def cancel_flight(_step: Step) -> None:
    """Cancel."""


@pytest.mark.parametrize("number", range(TESTS))
async def test_trip(number: int) -> None:
    """The trip reports failure."""
    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=program, data_converter=pydantic_data_converter
        ) as environment,
        Worker(
            environment.client,
            task_queue="trips",
            workflows=[BookTrip],
            activities=[book_car, book_hotel, book_flight, cancel_car, cancel_hotel, cancel_flight],
        ),
    ):
        trip = Trip(traveller="Ada", car="c", hotel="h", flight=str(number), patience=IMPATIENT)
        booked = await environment.client.execute_workflow(BookTrip.run, trip, id=str(uuid.uuid4()), task_queue="trips")

        assert not booked.success
