"""The server is killed between two activities: it comes back with its data, and the import goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import CrashServer, OnEvent, Server
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[CrashServer(down_for=timedelta(seconds=0.5), when=OnEvent(type="ActivityTaskCompleted"))],
)
