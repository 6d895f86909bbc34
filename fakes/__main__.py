"""Run one fake by hand: `python -m fakes flights --port 8080`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import click

from harness.catalog import find_project, load_fakes
from harness.errors import HarnessError, UsageError, unknown
from harness.remote import RemoteControl
from harness.service import CONTROL, FakeService


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 takes a free one.")
def main(name: str | None, host: str, port: int) -> None:
    """Run the fake NAME until Ctrl-C; without a name, list them."""
    try:
        fakes = load_fakes(*find_project(Path.cwd()))
        if name is None:
            for one, kind in fakes.items():
                click.echo(f"{one:<12} {(kind.__doc__ or '').partition(chr(10))[0]}")
            return
        if name not in fakes:
            raise UsageError(unknown("fake", name, fakes))
        asyncio.run(_serve(fakes[name], host=host, port=port))
    except HarnessError as error:
        click.echo(f"fakes: {error}", err=True)
        raise SystemExit(error.exit_code) from error


async def _serve(kind: type[FakeService], *, host: str, port: int) -> None:
    fake = kind(control=lambda service: RemoteControl(service).routes())
    await fake.start(host=host, port=port)
    click.echo(f"{kind.name()} at http://{fake.address}")
    for one in kind.operations().values():
        click.echo(f"  {one.name:<10} {one.method} {one.path}")
    click.echo(f"  journal    GET {CONTROL}/journal, forget it: DELETE")
    click.echo(f"  faults     GET {CONTROL}/faults, arm: POST, heal: DELETE")
    ended = asyncio.Event()
    for one_signal in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one_signal, ended.set)
    await ended.wait()
    await fake.stop()


if __name__ == "__main__":
    main()
