"""Redis cannot be reached for two attempts: the order waits for it and takes its units once it is back."""

from __future__ import annotations

from dataclasses import replace

from fakes.redis import Redis
from harness import Outage
from scenarios.stock import connections_reset

scenario = replace(
    connections_reset.scenario,
    faults=[Outage(on=Redis, when=connections_reset.FOR_TWO_ATTEMPTS)],
    expects=connections_reset.scenario.expects,
)
