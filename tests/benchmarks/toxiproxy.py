"""Speed and accuracy of the embedded Toxiproxy beside the real server, in one run.

    python -m tests.benchmarks.toxiproxy [--rounds 3] [--seconds 1.0]

Needs `toxiproxy-server` on PATH for the comparison. Trust the ratios: both servers meet the same load on the same
machine, in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from harness import embedded_toxiproxy
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.providers.binary import PROGRAM
from harness.processes.guard import free_port
from harness.testbed.ports import Direction, Proxy
from tests.benchmarks.toxiproxy_load import Load, Upstream, middle

CONNECTIONS = (1, 16, 64)
OPEN = 1000
KIB = 1024


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One server under test."""

    adapter: ToxiproxyAdapter
    pid: int
    upstream: str

    def cpu(self) -> float:
        """Return the seconds of CPU used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> int:
        """Return the bytes of memory in use."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")

    @asynccontextmanager
    async def proxy(self) -> AsyncIterator[tuple[Load, Proxy]]:
        """Make a proxy to load."""
        proxy = await self.adapter.create_proxy("bench", upstream=self.upstream)
        host, _, port = proxy.address.rpartition(":")
        try:
            yield Load(host=host, port=int(port)), proxy
        finally:
            await self.adapter.delete_proxy("bench")


Figures = dict[str, float]
Measurement = Callable[[Subject, float], Awaitable[Figures]]


async def keep_alive(subject: Subject, seconds: float) -> Figures:
    """Measure requests per second, and CPU per request, over kept connections."""
    figures: Figures = {}
    async with subject.proxy() as (load, _):
        for count in CONNECTIONS:
            before = subject.cpu()
            rate = await load.requests_per_second(count, seconds)
            cpu = subject.cpu() - before
            figures[f"requests/s, {count} kept connections"] = rate
            # The load also ran for 0.2 s before it was counted.
            figures[f"CPU us/request, {count} kept connections"] = cpu / (rate * (seconds + 0.2)) * 1e6
    return figures


async def new_connections(subject: Subject, seconds: float) -> Figures:
    """Measure connections opened, used once and closed per second."""
    async with subject.proxy() as (load, _):
        return {
            f"new connections/s, {count} at once": await load.connections_per_second(count, seconds)
            for count in (1, 16, 64)
        }


async def bulk(subject: Subject, seconds: float) -> Figures:
    """Measure bytes per second."""
    async with subject.proxy() as (load, _):
        return {f"MB/s, {count} connections": await load.megabytes_per_second(count, seconds) for count in (1, 4)}


async def through_toxics(subject: Subject, seconds: float) -> Figures:
    """Measure requests per second through a chain of two toxics."""
    async with subject.proxy() as (load, proxy):
        for direction in Direction:
            await proxy.add_toxic(direction.value, kind="noop", direction=direction, attributes={})
        return {"requests/s, 64 kept connections, noop both ways": await load.requests_per_second(64, seconds)}


async def memory(subject: Subject, seconds: float) -> Figures:
    """Measure memory with many connections open."""
    async with subject.proxy() as (load, _):
        before = subject.resident()
        clients = await load.held_open(OPEN)
        after = subject.resident()
        for client in clients:
            client.transport.abort()
        await asyncio.gather(*(client.gone for client in clients))
    return {f"KiB per connection, {OPEN} open": (after - before) / OPEN / KIB, "MiB resident": after / KIB / KIB}


async def latency(subject: Subject, seconds: float) -> Figures:
    """Measure how late a latency toxic is; negative is early."""
    figures: Figures = {}
    async with subject.proxy() as (load, proxy):
        bare = middle(await load.round_trips(50, 0.001))
        await proxy.add_toxic("late", kind="latency", direction=Direction.DOWNSTREAM, attributes={"latency": 0})
        for milliseconds, count in ((5, 150), (100, 30)):
            await proxy.update_toxic("late", attributes={"latency": milliseconds})
            errors = sorted((took - milliseconds / 1000) * 1000 for took in await load.round_trips(count, 0.0013))
            figures[f"ms late, median, latency {milliseconds} ms"] = middle(errors) - bare * 1000
            figures[f"ms late, earliest, latency {milliseconds} ms"] = errors[0]
            figures[f"ms late, 95 %, latency {milliseconds} ms"] = errors[int(len(errors) * 0.95)]
    return figures


async def bandwidth(subject: Subject, seconds: float) -> Figures:
    """Measure how far the rate is off."""
    figures: Figures = {}
    async with subject.proxy() as (load, proxy):
        await proxy.add_toxic("slow", kind="bandwidth", direction=Direction.DOWNSTREAM, attributes={"rate": 1})
        for rate in (100, 1000, 10_000):
            await proxy.update_toxic("slow", attributes={"rate": rate})
            figures[f"% off, bandwidth {rate} KB/s"] = (await load.rate(seconds + 1) / rate / 1000 - 1) * 100
    return figures


# Memory first: what a busy server has once taken it uses again.
MEASUREMENTS: tuple[Measurement, ...] = (memory, keep_alive, new_connections, bulk, through_toxics, latency, bandwidth)


async def main(rounds: int, seconds: float) -> None:
    """Measure each server in turns and print the medians side by side."""
    async with AsyncExitStack() as stack:
        server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0, backlog=2048)
        stack.callback(server.close)
        upstream = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        providers = ("embedded", "binary") if shutil.which(PROGRAM) else ("embedded",)
        subjects = {name: await stack.enter_async_context(_running(name, upstream)) for name in providers}
        taken: dict[str, dict[str, list[float]]] = {}
        for number in range(rounds):
            for measurement in MEASUREMENTS:
                for provider in sorted(subjects, reverse=bool(number % 2)):
                    for name, value in (await measurement(subjects[provider], seconds)).items():
                        taken.setdefault(name, {}).setdefault(provider, []).append(value)
        _print(taken, [str(subject.adapter) for subject in subjects.values()])


def _print(taken: dict[str, dict[str, list[float]]], servers: list[str]) -> None:
    out = sys.stdout
    out.write("".join(f"{server}\n" for server in servers))
    out.write(f"{'':52}{'embedded':>12}{'real':>12}{'ratio':>8}\n")
    for name, by_provider in taken.items():
        # Later rounds use the memory of the first again.
        typical = max if name.startswith("KiB") else middle
        ours, real = (typical(by_provider.get(provider, [float("nan")])) for provider in ("embedded", "binary"))
        ratio = f"{ours / real:8.2f}" if real else ""
        out.write(f"{name:52}{ours:12.2f}{real:12.2f}{ratio}\n")


@asynccontextmanager
async def _running(provider: str, upstream: str) -> AsyncIterator[Subject]:
    """Start a server; not on a guard, since uvloop, which the load needs, starts no process into a group."""
    start = str(Path(embedded_toxiproxy.__path__[0]) / "start.py")
    argv = [sys.executable, "-P", start] if provider == "embedded" else [PROGRAM]
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *argv,
        "-host",
        "127.0.0.1",
        "-port",
        str(port),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    adapter = ToxiproxyAdapter(f"127.0.0.1:{port}", provider=provider)
    try:
        await adapter.wait_until_ready(within=timedelta(seconds=10))
        yield Subject(adapter=adapter, pid=process.pid, upstream=upstream)
    finally:
        await adapter.close(delete=False)
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    options = parser.parse_args()
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main(options.rounds, options.seconds))
