"""Containers on this machine's own network, through testcontainers.

No container outlives the process that runs it: the next run removes what a killed process left behind.
"""

from __future__ import annotations

import os
import shlex
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.errors import EnvironmentUnavailable
from harness.extras import Extra, need

# Labels containers with the process that runs them. A container whose process is gone is removed by the next runner.
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
        UsageError: The packages for containers are not installed.
    """
    need(f"a {what} container", Extra.CONTAINERS)
    try:
        # Here and not at the top: the import takes a third of a second, and most sessions start no container.
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        refuse_without_engine()
        container = DockerContainer(
            image,
            command=shlex.join(arguments),
            network_mode="host",
            labels={LABEL: f"{socket.gethostname()}/{os.getpid()}"},
        )
        try:
            _remove_forgotten(container.get_docker_client().client)
            container.start()
        except BaseException:
            # A container that was created and does not start is removed, and the connection to the engine is closed.
            container.stop()
            raise
    except Exception as error:  # docker and testcontainers raise many unrelated types
        raise EnvironmentUnavailable(
            f"no {what} container of {image} can be started: {_first_line(error)}. Check that a Docker engine is "
            "running, and that it has the image or can pull it."
        ) from error
    return container


def refuse_without_engine() -> None:
    """Fail unless something listens on the Docker engine's socket.

    Docker's client leaves a UNIX socket open when nobody answers there, so it is not asked before this succeeds.

    Raises:
        OSError: Nothing listens there; the error names the socket.
    """
    from docker.utils import parse_host  # type: ignore[import-untyped]  # noqa: PLC0415 - see above; it has no types
    from testcontainers.core.docker_client import get_docker_host  # noqa: PLC0415 - see above

    kind, _, path = parse_host(get_docker_host()).partition("://")
    if kind != "http+unix":
        return  # for other addresses the client closes what it opened
    with socket.socket(socket.AF_UNIX) as trial:
        try:
            trial.connect(path)
        except OSError as error:
            raise OSError(f"no Docker engine answers at {path} ({error.strerror})") from error


def container_ended(container: Any, image: str) -> str | None:
    """Return that a container has ended, with the end of its log; None while it runs."""
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    if wrapped.status in {"created", "running", "paused"}:
        return None
    return f"the container of {image} ended. End of its log: {wrapped.logs().decode('utf-8', 'replace').strip()[-500:]}"


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
