"""How many schedules lead the same way in simulation as on a real server, and which do not.

python -m tests.benchmarks.simulation [--faults 2] [--sample 100] [--seed 7] [TARGET...]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from tests.conformance.simulation.comparison import compared
from tests.conformance.simulation.targets import NOT_COMPARED, TARGETS, target_of


async def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=int, default=1)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("targets", nargs="*", default=TARGETS)
    said = parser.parse_args()
    logging.disable(logging.CRITICAL)
    filtered = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered))))
    for name in said.targets:
        but = NOT_COMPARED.get(name, set())
        found = await compared(target_of(name), faults=said.faults, sample=said.sample, seed=said.seed, but=but)
        print(f"{name}: {found.same} same, {len(found.different)} different", flush=True)
        for word, lines in (
            ("race on the real server", found.races),
            ("another way in simulation the second time", found.unstable),
            ("not modelled", found.unmodelled),
            ("different", found.different),
        ):
            for line in lines:
                print(f"  {word}: {line}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)  # see docs/decisions/0007
