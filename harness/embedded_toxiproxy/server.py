"""The embedded Toxiproxy is one process: its control API on one address, its proxies on theirs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.embedded_toxiproxy import addresses, go_json
from harness.embedded_toxiproxy.api import VERSION, Api
from harness.embedded_toxiproxy.go_json import BadBody
from harness.embedded_toxiproxy.http import CHUNK, HttpFront
from harness.embedded_toxiproxy.metrics import Metrics
from harness.embedded_toxiproxy.proxies import Proxies
from harness.embedded_toxiproxy.refusals import Refused

_LOG = logging.getLogger("toxiproxy")
# Toxiproxy's names for LOG_LEVEL.
_LEVELS = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.CRITICAL,
    "panic": logging.CRITICAL,
    "disabled": logging.CRITICAL + 1,
}


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname.lower(),
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def parser() -> argparse.ArgumentParser:
    """Describe the command line: Toxiproxy's flags, with one dash or two (TX-001)."""
    made = argparse.ArgumentParser(
        prog="python -m harness.embedded_toxiproxy",
        description="A Toxiproxy for any client in any language, without installing one.",
        allow_abbrev=False,
    )
    made.add_argument("--host", "-host", default="localhost", help="address of the control API (default: %(default)s)")
    made.add_argument("--port", "-port", type=int, default=8474, help="its port, 0 for any free one (%(default)s)")
    made.add_argument(
        "--config", "-config", action="append", default=[], metavar="FILE", help="JSON array of proxies to create"
    )
    made.add_argument("--seed", "-seed", help="what all chance is drawn from (default: a new one, told at the start)")
    made.add_argument("--proxy-metrics", "-proxy-metrics", action="store_true", help="count bytes at /metrics")
    made.add_argument("--runtime-metrics", "-runtime-metrics", action="store_true", help="this process at /metrics")
    made.add_argument("--version", "-version", action="version", version=f"toxiproxy-server version {VERSION}")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until SIGTERM or SIGINT.

    The first line on standard output is a JSON object with the address of the control API; the log goes to standard
    error, one JSON object a line.

    Returns:
        The exit code.
    """
    options = parser().parse_args(arguments)
    level = os.environ.get("LOG_LEVEL", "info").lower()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(handlers=[handler], level=_LEVELS.get(level, logging.INFO))
    # Its warning that a peer went away while bytes were written to it is what this server is for.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop  # noqa: PLC0415 - a third faster where it is installed, and not needed
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(serve(options))


async def serve(options: argparse.Namespace) -> int:
    """Serve until told to end."""
    loop = asyncio.get_running_loop()
    metrics = Metrics(proxies=options.proxy_metrics, runtime=options.runtime_metrics)
    proxies = Proxies(seed=options.seed if options.seed is not None else secrets.token_hex(4), metrics=metrics)
    front = HttpFront(Api(proxies, metrics, options.host))
    try:
        listener = addresses.bind(await addresses.resolve(addresses.join(options.host, options.port)))
    except OSError as error:
        _LOG.critical("Failed to start: %s", error.args[-1])
        return 1
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    for path in options.config:
        await _populate(proxies, path)
    server = await asyncio.start_server(front, sock=listener, limit=CHUNK, backlog=addresses.BACKLOG)
    ready = {"message": "ready", "address": addresses.shown(listener), "version": VERSION, "seed": proxies.seed}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    server.close()
    await proxies.close()
    await front.close()
    return 0


async def _populate(proxies: Proxies, path: str) -> None:
    """Create the proxies of a file; the server starts whatever is wrong with it (TX-047)."""
    try:
        done = await proxies.populate(go_json.decode(await asyncio.to_thread(Path(path).read_bytes)))
    except (OSError, BadBody, Refused) as error:
        _LOG.error("Failed to populate proxies from %s: %s", path, error)
    else:
        _LOG.info("Populated %d proxies from %s", len(done), path)
