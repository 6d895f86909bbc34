"""`harness fake`: runs one fake by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir

import click

from harness.catalog import load_fakes
from harness.commands._complete import fake_names
from harness.errors import EnvironmentUnavailable, UsageError, unknown
from harness.extensions import Extensions, extensions, summary_of
from harness.extras import Extra, need
from harness.files.printable import say
from harness.processes.guard import ProcessGuard
from harness.processes.startup import ending_signals
from harness.services.service import CONTROL, FakeService
from harness.settings import find_project


@click.command("fake")
@click.argument("name", required=False, shell_complete=fake_names)
@click.option("--host", help="Address to listen on. Default: 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. Default: a free port.")
def command(name: str | None, host: str | None, port: int | None) -> None:
    """Run the fake NAME until Ctrl-C; without a name, list the fakes.

    A fake of the project goes before one of the same name that a distribution brings.
    """
    fakes, others = load_fakes(*find_project(Path.cwd())), extensions("fakes")
    if name is None:
        if host is not None or port is not None:
            raise UsageError("--host and --port are of the fake that runs; name it. `harness fake` lists the fakes.")
        _list(fakes, others)
        return
    if name not in fakes and name not in others:
        raise UsageError(unknown("fake", name, {*fakes, *others.found}, list_all="harness fake"))
    kind = fakes[name] if name in fakes else others[name].load()
    asyncio.run(_serve(kind, host=host or "127.0.0.1", port=port or 0))


def _list(fakes: Mapping[str, type[FakeService]], others: Extensions) -> None:
    brought, problems = others.loaded()
    for one, kind in fakes.items():
        say(f"{one:<14} {summary_of(kind)}")
    for one, kind in brought.items():
        if one not in fakes:
            say(f"{one:<14} {summary_of(kind)} ({others.found[one].distribution})")
    if problems:
        raise UsageError(*problems)


async def _serve(kind: type[FakeService], *, host: str, port: int) -> None:
    missing = kind.missing()
    if missing is not None:
        raise EnvironmentUnavailable(missing)
    need(f"the fake {kind.name()}", Extra.SERVER)
    from harness.run.manual_fake import RemoteControl  # noqa: PLC0415 - [server] brings what it needs

    service = kind(control=lambda running: RemoteControl(running, host=host).routes())
    async with ProcessGuard() as guard:
        await service.prepare(guard, log=Path(gettempdir()) / f"harness-{kind.name()}.log")
        await service.start(host=host, port=port)
        await _until_ended(service)


async def _until_ended(service: FakeService) -> None:
    kind = type(service)
    # Before its address is known: whoever knows it may end it.
    ended = asyncio.Event()
    for signalled in ending_signals():
        asyncio.get_running_loop().add_signal_handler(signalled, ended.set)
    say(f"{kind.name()} at {service.base_url(service.address)}")
    for one in kind.operations().values():
        say(f"  {one.name:<10} {one.method} {one.path}")
    say(f"  journal    GET {CONTROL}/journal; clear it: DELETE")
    say(f"  faults     GET {CONTROL}/faults; arm one: POST; heal: DELETE")
    await ended.wait()
    await service.stop()
