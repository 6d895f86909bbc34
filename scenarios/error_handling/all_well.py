"""Nothing fails: the answer is returned after one call."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.enquiries import Enquiries
from harness import Application, Attempts, Clock, Outcome, Recorded, Scenario, Server
from scenarios.error_handling.activities import enquiry_activities
from scenarios.error_handling.workflow import FindOut, Wish

# Production's policy as it is: its waits are skipped.
scenario = Scenario(
    application=Application(workflows=[FindOut], activities=enquiry_activities, data_converter=pydantic_data_converter),
    workflow=FindOut.run,
    given=Wish(text="rain in May"),
    uses=[Enquiries],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result="Success: all about rain in May"),
        Attempts(of=Enquiries.ask, count=1),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
    ],
)
