"""The server is away for seconds as the workflow starts: the worker finds it again by itself, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import CrashServer, OnEvent, Server
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[CrashServer(down_for=timedelta(seconds=3), when=OnEvent(type="WorkflowExecutionStarted"))],
)
