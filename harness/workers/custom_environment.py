"""The arguments and the environment of a worker that is started by a command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from harness.workers.custom import WorkerCommand
from harness.workers.interpreter import Interpreter
from harness.workers.plugin import VARIABLE, Seat


def arguments_and_environment(
    command: WorkerCommand,
    seat: Seat,
    *,
    temporal: str,
    namespace: str,
    environment_config: bool,
    further: Mapping[str, str] | None = None,
    interpreter: Interpreter | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Return the arguments of a command, and its whole environment.

    Args:
        command: The command.
        seat: What it needs to know of its run.
        temporal: HOST:PORT of the frontend, or of the proxy in front of it.
        namespace: Which namespace.
        environment_config: Whether Temporal's environment configuration belongs to this server. If not, the worker does
            not receive it: with a TLS certificate or a key it could not connect.
        further: Further variables, by which it reaches the hosts that fakes stand in for.
        interpreter: The application's own; None for this one.
    """
    words = {
        **seat.base_urls,
        "temporal": temporal,
        "namespace": namespace,
        "task_queue": seat.task_queue,
        "python": sys.executable if interpreter is None else str(interpreter.python),
    }
    env = {name: value for name, value in os.environ.items() if environment_config or not name.startswith("TEMPORAL_")}
    if not environment_config:
        env["TEMPORAL_CONFIG_FILE"] = os.devnull
    if interpreter is not None and any("{python}" in text for text in command.argv):
        path = (*interpreter.import_path, env.get("PYTHONPATH", ""))
        env["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    env |= {
        "TEMPORAL_ADDRESS": temporal,
        "TEMPORAL_NAMESPACE": namespace,
        "TEMPORAL_TASK_QUEUE": seat.task_queue,
        **{f"{name.upper()}_URL": url for name, url in seat.base_urls.items()},
        **(further or {}),
        **{name: value.format_map(words) for name, value in command.env.items()},
    }
    if command.tells:
        env[VARIABLE] = seat.to_text()
    else:
        env.pop(VARIABLE, None)
    return [text.format_map(words) for text in command.argv], env
