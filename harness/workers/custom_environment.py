"""What a worker that is started by a command line finds around it: its arguments and its environment."""

from __future__ import annotations

import os
import sys

from harness.workers.custom import WorkerCommand
from harness.workers.plugin import VARIABLE, Seat


def surroundings(
    command: WorkerCommand, seat: Seat, *, temporal: str, namespace: str, environment_config: bool
) -> tuple[list[str], dict[str, str]]:
    """Return the arguments of a command, and its whole environment.

    Args:
        command: The command.
        seat: Its place in the run.
        temporal: HOST:PORT of the frontend, or of the proxy in front of it.
        namespace: Which namespace.
        environment_config: Whether Temporal's environment configuration is about this server. If not, it is kept from
            the worker: a TLS certificate or a key would keep it from connecting.
    """
    words = {
        **seat.base_urls,
        "temporal": temporal,
        "namespace": namespace,
        "task_queue": seat.task_queue,
        "python": sys.executable,
    }
    env = {name: value for name, value in os.environ.items() if environment_config or not name.startswith("TEMPORAL_")}
    if not environment_config:
        env["TEMPORAL_CONFIG_FILE"] = os.devnull
    env |= {
        "TEMPORAL_ADDRESS": temporal,
        "TEMPORAL_NAMESPACE": namespace,
        "TEMPORAL_TASK_QUEUE": seat.task_queue,
        **{f"{name.upper()}_URL": url for name, url in seat.base_urls.items()},
        **{name: value.format_map(words) for name, value in command.env.items()},
    }
    if command.tells:
        env[VARIABLE] = seat.to_text()
    else:
        env.pop(VARIABLE, None)
    return [text.format_map(words) for text in command.argv], env
