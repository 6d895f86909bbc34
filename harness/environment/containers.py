"""Containers on this machine's own network, through testcontainers: none outlives its runner for long."""

from __future__ import annotations

import os
import shlex
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.errors import EnvironmentUnavailable

# Marks our containers with the process that runs them. One whose process is gone is removed by the next runner.
LABEL = "temporal-resilience-harness.runner"


def start_container(image: str, arguments: Sequence[str], *, what: str) -> Any:
    """Start a container that shares this machine's network, so that 127.0.0.1 means the same inside and outside.

    Blocking, as the library is.

    Args:
        image: Its name, with a registry if it is not to come from the default one.
        arguments: Of its entry point.
        what: What it is, for the error.

    Raises:
        EnvironmentUnavailable: No Docker engine answers, or the container does not start.
    """
    try:
        # Here and not at the top: it takes a third of a second, and most sessions do without.
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        container = DockerContainer(
            image,
            command=shlex.join(arguments),
            network_mode="host",
            labels={LABEL: f"{socket.gethostname()}/{os.getpid()}"},
        )
        _remove_forgotten(container.get_docker_client().client)
        container.start()
    except Exception as error:  # docker and testcontainers raise many unrelated types
        raise EnvironmentUnavailable(
            f"no {what} container of {image} can be started: {_first_line(error)}. Is a Docker engine running, and "
            "is the image there or to be had?"
        ) from error
    return container


def container_ended(container: Any, image: str) -> str | None:
    """Say that a container has ended, with its last words; None while it runs."""
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    if wrapped.status in {"created", "running", "paused"}:
        return None
    return f"the container of {image} ended: {wrapped.logs().decode('utf-8', 'replace').strip()[-500:]}"


def end_container(container: Any, log: Path) -> None:
    """Keep a container's log and remove it."""
    with suppress(Exception), log.open("ab") as output:  # the log is a courtesy
        output.write(container.get_wrapped_container().logs())
    container.stop()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _remove_forgotten(docker: Any) -> None:
    """Remove containers whose runner on this machine was killed before it could do so itself."""
    for container in docker.containers.list(all=True, filters={"label": LABEL}):
        host, _, pid = container.labels.get(LABEL, "").rpartition("/")
        if host == socket.gethostname() and pid.isdigit() and not _runs(int(pid)):
            with suppress(Exception):  # another runner may be removing it
                container.remove(force=True)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
