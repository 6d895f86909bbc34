"""`harness record`: histories from a Temporal server, or from run folders, into a corpus."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from harness.errors import EnvironmentUnavailable, UsageError
from harness.exit_codes import GREEN, RED
from harness.replay.engine.code import Code
from harness.replay.histories.corpus import Corpus, revision_here
from harness.replay.histories.scrub import Scrub
from harness.replay.record import Recorder, Wanted


@click.command("record")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--query", default="", help="Which workflows, in Temporal's list filter.")
@click.option("--id", "ids", multiple=True, metavar="WORKFLOW_ID", help="A workflow, all its runs; may be given again.")
@click.option("--task-queue", default="", help="Only workflows of this task queue.")
@click.option("--limit", type=click.IntRange(min=1), help="How many at most.")
@click.option("--from-run", type=click.Path(path_type=Path), metavar="FOLDER", help="Take run folders.")
@click.option("--unlike", is_flag=True, help="Leave out what went the same way as another.")
@click.option("--scrub", "rules", multiple=True, metavar="RULE", help="all, identity, field=NAME or type=NAME.")
@click.option("--codec", default="", metavar="MODULE:NAME", help="Decode the payloads with it first.")
@click.option("--at-once", type=click.IntRange(min=1), default=10, show_default=True, help="How many are fetched.")
@click.option("--temporal", metavar="HOST:PORT", help="The server. Default: Temporal's environment configuration.")
@click.option("--namespace", help="The namespace on it.")
@click.option("--profile", help="The profile of Temporal's configuration file.")
def command(
    folder: Path,
    *,
    query: str,
    ids: tuple[str, ...],
    task_queue: str,
    limit: int | None,
    from_run: Path | None,
    unlike: bool,
    rules: tuple[str, ...],
    codec: str,
    at_once: int,
    temporal: str | None,
    namespace: str | None,
    profile: str | None,
) -> None:
    """Record histories into the corpus FOLDER; what is there already is left as it is."""
    wanted = Wanted(
        query=query,
        ids=ids,
        task_queue=task_queue,
        limit=limit,
        at_once=at_once,
        unlike=unlike,
        scrub=Scrub.read(rules),
        rules=rules,
        converter=Code(workflows=(), codec=codec).converter(),
        codec=codec,
    )
    if from_run is not None and (wanted.filter or temporal):
        raise UsageError(
            "--from-run takes its histories from a folder; a query, ids or a server make no sense beside it."
        )
    if from_run is None and not wanted.filter and limit is None:
        raise UsageError("all histories of the server would be fetched: say --query, --id, --task-queue or --limit.")
    corpus = Corpus(folder)
    try:
        if from_run is None:
            recorded = asyncio.run(
                _from_server(corpus, wanted, temporal=temporal, namespace=namespace, profile=profile)
            )
        else:
            recorded = Recorder(corpus, wanted, revision=revision_here())
            asyncio.run(recorded.from_runs(from_run))
    except OSError as error:
        raise EnvironmentUnavailable(f"the corpus {folder} cannot be written: {error.strerror}.") from error
    click.echo(
        f"{recorded.written} recorded, {recorded.there} there already, {recorded.alike} like another; "
        f"{len(corpus.entries)} in {folder}"
    )
    for problem in recorded.problems:
        click.echo(f"not recorded: {problem}", err=True)
    if not corpus.entries:
        click.echo("nothing was found: the corpus is empty.", err=True)
    raise SystemExit(RED if recorded.problems or not corpus.entries else GREEN)


async def _from_server(
    corpus: Corpus, wanted: Wanted, *, temporal: str | None, namespace: str | None, profile: str | None
) -> Recorder:
    try:
        config = ClientConfig.load_client_connect_config(profile=profile)
        if temporal:
            config["target_host"] = temporal
        if namespace:
            config["namespace"] = namespace
        config.setdefault("target_host", "localhost:7233")
        client = await Client.connect(**config)
    except (RuntimeError, ValueError) as error:
        raise EnvironmentUnavailable(f"no Temporal server can be reached: {error}.") from error
    columns = (TextColumn("{task.completed} histories"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        recorder = Recorder(corpus, wanted, revision=revision_here(), told=lambda: progress.advance(task))
        await recorder.from_server(client)
    return recorder
