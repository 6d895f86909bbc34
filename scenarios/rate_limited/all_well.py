"""Nothing fails: every question is answered after one call."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.enquiries import Enquiries
from harness import Amplification, Application, Attempts, Clock, Outcome, Recorded, Scenario, Server
from scenarios.rate_limited.activities import limited_activities
from scenarios.rate_limited.workflow import AskAll, Questions

# Production's policies as they are: their waits are skipped.
scenario = Scenario(
    application=Application(workflows=[AskAll], activities=limited_activities, data_converter=pydantic_data_converter),
    workflow=AskAll.run,
    given=Questions(texts=["rain", "snow"]),
    uses=[Enquiries],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=["all about rain", "all about snow"]),
        Attempts(of=Enquiries.ask, count=2),
        Amplification(of=Enquiries.ask, per="text", at_most=1),
        # The cap that is never reached, too.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {
                    "initialInterval": "1s",
                    "backoffCoefficient": 2.0,
                    "maximumInterval": "10s",
                    "maximumAttempts": 3,
                },
            },
            count=2,
        ),
    ],
)
