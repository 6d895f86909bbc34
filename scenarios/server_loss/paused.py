"""The server stops answering for a while, with all connections open: no worker gives up, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import FromCall, PauseServer, Recorded, Server
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[PauseServer(pause=timedelta(seconds=2), when=FromCall(n=2, of=Bookkeeping.post))],
    expects=[*all_well.scenario.expects, Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=0)],
)
