"""The server is killed while an activity runs: the attempt goes on without it and reports when it is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import CrashServer, FromCall, Recorded, Server
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[CrashServer(down_for=timedelta(seconds=1), when=FromCall(n=2, of=Bookkeeping.post))],
    # One attempt is enough: nothing is posted twice, and nothing is tried again.
    expects=[*all_well.scenario.expects, Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=0)],
    claims=["HB-009"],
)
