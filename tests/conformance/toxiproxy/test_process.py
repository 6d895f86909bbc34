"""The server is a program: flags, output, exit codes and metrics (TX-001, TX-047, TX-120), started by hand."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.conformance.toxiproxy.servers import program
from tests.conformance.toxiproxy.wire import End, Upstream, connect, deaf, upstream

KINDS = pytest.mark.parametrize("kind", ["embedded", "binary"])


@KINDS
@pytest.mark.tx("TX-001")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals(kind: str, number: signal.Signals, echoing: Upstream) -> None:
    """SIGTERM and SIGINT end the server with exit code 0, and its connections with it."""
    async with program(kind) as running:
        proxy = await running.control.proxy(echoing.address)
        async with await connect(proxy.listen) as client:
            await client.send(b"x")
            await client.receive()
            running.process.send_signal(number)
            assert await asyncio.wait_for(running.process.wait(), 5) == 0
            assert (await client.to_the_end())[1] is End.FIN
        with pytest.raises(ConnectionRefusedError):
            await connect(running.address)


@KINDS
@pytest.mark.tx("TX-001")
async def test_output_is_json_lines(kind: str) -> None:
    """The first line of output is JSON; on our server it has the address, for whoever asked for port 0."""
    arguments = ("-host", "127.0.0.1", "-port", "0") if kind == "embedded" else ()
    async with program(kind, *arguments, env={"LOG_LEVEL": "info"}) as running:
        assert "message" in running.first
        if kind == "embedded":
            assert re.fullmatch(r"127\.0\.0\.1:\d+", running.first["address"])
            assert not running.first["address"].endswith(":0")


@pytest.mark.tx("TX-001")
async def test_port_taken(echoing: Upstream) -> None:
    """A taken port ends our server with an error and exit code 1."""
    import sys  # noqa: PLC0415 - this test alone needs it

    port = echoing.address.rpartition(":")[2]
    argv = [sys.executable, "-m", "harness.embedded_toxiproxy", "--host", "127.0.0.1", "--port", port]
    process = await asyncio.create_subprocess_exec(*argv, stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()

    assert process.returncode == 1
    assert "address already in use" in json.loads(errors.splitlines()[0])["message"]


@KINDS
@pytest.mark.tx("TX-047")
async def test_config(kind: str, tmp_path: Path, echoing: Upstream) -> None:
    """A configuration file is a list of proxies."""
    config = tmp_path / "proxies.json"
    config.write_text(json.dumps([{"name": "from_file", "upstream": echoing.address, "listen": "127.0.0.1:0"}]))
    async with program(kind, "-config", str(config)) as running:
        assert (await running.control.get("/proxies/from_file"))["enabled"] is True


@KINDS
@pytest.mark.tx("TX-047")
@pytest.mark.parametrize("content", [None, "rubbish", "[{}]", '{"name": "a"}'])
async def test_bad_config(kind: str, tmp_path: Path, content: str | None) -> None:
    """With a bad configuration file the server starts all the same."""
    config = tmp_path / "proxies.json"
    if content is not None:
        config.write_text(content)
    async with program(kind, "-config", str(config)) as running:
        assert await running.control.get("/proxies") == {}


@KINDS
@pytest.mark.tx("TX-002", "TX-120")
async def test_no_metrics_without_a_flag(kind: str) -> None:
    """Without a flag there is no /metrics."""
    async with program(kind) as running:
        assert (await running.control.call("GET", "/metrics")).status == 404


@KINDS
@pytest.mark.tx("TX-120")
async def test_proxy_metrics(kind: str, echoing: Upstream) -> None:
    """Bytes are counted per direction when it ends, not while they flow, and stay when the proxy is gone."""
    async with program(kind, "-proxy-metrics") as running:
        proxy = await running.control.proxy(echoing.address, name="counted")
        async with await connect(proxy.listen) as client:
            await client.send(b"12345")
            await client.receive_exactly(5)
            while_open = await _counters(running.control)
            client.end_writing()
            await client.to_the_end()
        await echoing.saw("fin")
        at_the_end = await _eventually_four(running.control)
        await proxy.delete()
        after_deletion = await _counters(running.control)

    labels = f'listener="{proxy.listen}",proxy="counted",upstream="{echoing.address}"'
    assert while_open == {}
    assert at_the_end == after_deletion
    assert at_the_end == {
        f'toxiproxy_proxy_{what}_bytes_total{{direction="{direction}",{labels}}}': 5.0
        for what in ("received", "sent")
        for direction in ("upstream", "downstream")
    }


async def _counters(control: object) -> dict[str, float]:
    from tests.conformance.toxiproxy.control import Control  # noqa: PLC0415 - for the type alone

    assert isinstance(control, Control)
    reply = await control.call("POST", "/metrics")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/plain")
    lines = [line for line in reply.body.decode().splitlines() if line.startswith("toxiproxy_proxy_")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def _eventually_four(control: object) -> dict[str, float]:
    deadline = time.monotonic() + 5
    while True:
        counters = await _counters(control)
        if len(counters) == 4 or time.monotonic() > deadline:
            return counters
        await asyncio.sleep(0.01)


@pytest.mark.tx("TX-120")
async def test_sent_bytes_of_a_failed_direction() -> None:
    """What could not be written is not counted as sent."""
    async with program("embedded", "-proxy-metrics") as running, upstream(deaf, receive_buffer=4096) as service:
        proxy = await running.control.proxy(service.address, name="failing")
        async with await connect(proxy.listen) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await asyncio.get_running_loop().sock_sendall(client.socket, bytes(30_000_000))
        await proxy.delete()
        counters = await _counters(running.control)

    names = {name.partition(",")[0] for name in counters}
    assert 'toxiproxy_proxy_received_bytes_total{direction="upstream"' in names
    assert 'toxiproxy_proxy_sent_bytes_total{direction="upstream"' not in names


@KINDS
@pytest.mark.tx("TX-121", "TX-006")
async def test_runtime_metrics(kind: str) -> None:
    """Figures about the process are shown on request, and not to browsers."""
    async with program(kind, "-runtime-metrics") as running:
        reply = await running.control.call("GET", "/metrics")
        browser = await running.control.call("GET", "/metrics", headers={"User-Agent": "Mozilla/5.0"})

    assert b"process_cpu_seconds_total" in reply.body
    assert browser.status == 403


@pytest.mark.tx("TX-078")
async def test_seed_is_honoured(echoing: Upstream) -> None:
    """The same seed draws the same chances: toxicity and jitter alike; another seed draws others."""

    async def outcome(seed: str) -> list[bool]:
        async with program("embedded", "-seed", seed) as running:
            proxy = await running.control.proxy(
                echoing.address, {"kind": "limit_data", "bytes": 0, "toxicity": 0.5}, name="drawn"
            )
            ends = []
            for _ in range(30):
                async with await connect(proxy.listen) as client:
                    await client.send(b"x")
                    ends.append(await client.receive() == b"")
            assert await running.control.get("/embedded/seed") == {"seed": seed}
            return ends

    first, second, other = await outcome("7"), await outcome("7"), await outcome("8")
    assert first == second
    assert first != other
    assert 5 < sum(first) < 25


async def test_cold_start() -> None:
    """The embedded server is up in a fraction of a second and has not imported the harness' engine."""
    import sys  # noqa: PLC0415 - this test alone needs it

    from harness import embedded_toxiproxy  # noqa: PLC0415 - the same

    start = Path(embedded_toxiproxy.__path__[0]) / "start.py"
    code = (
        "import runpy, sys; sys.argv = ['start.py', '--help']\n"
        f"try: runpy.run_path({str(start)!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "{'temporalio', 'requests', 'pydantic', 'starlette', 'uvicorn'}))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()

    assert output.splitlines()[-1] == b"[]"
