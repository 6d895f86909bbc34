"""Every answer is slower than it may be: three attempts that end by themselves, then the fallback says what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, Attempts, LateReply, Outcome
from scenarios.error_handling import all_well
from scenarios.error_handling.workflow import Wish

# A request really takes what it takes, so its limit is scaled from 8 s.
scenario = replace(
    all_well.scenario,
    given=Wish(text="rain in May", answer_within=timedelta(seconds=1)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Enquiries.ask, patience=timedelta(seconds=4))],
    expects=[
        Outcome(result="Failed with fallback: no answer: ReadTimeout"),
        Attempts(of=Enquiries.ask, count=3),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
    ],
    claims=["ERR-001", "ERR-002"],
)
