"""The server is killed, comes back, and is killed again: all acknowledged data exist both times."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import CrashServer, FromCall, Server
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[
        CrashServer(when=FromCall(n=2, of=Bookkeeping.post)),
        CrashServer(when=FromCall(n=1, of=Bookkeeping.print)),
    ],
)
