"""`harness record`: histories from a Temporal server, or from run folders, into a corpus."""

from __future__ import annotations

import asyncio
import secrets
import sys
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import click

from harness.commands._json import json_printed
from harness.commands._paths import FILE, FOLDER, GIVEN_FOLDER
from harness.commands._types import Import
from harness.environment.host_port import address_problem
from harness.errors import EnvironmentUnavailable, UsageError
from harness.exit_codes import GREEN, INCONCLUSIVE
from harness.files.printable import say
from harness.redaction.key import LENGTH, kept_key
from harness.redaction.tokens import SCRUBBED, Tokens
from harness.replay.engine.code import Code
from harness.replay.histories.corpus import Corpus, revision_here
from harness.replay.histories.scrub import Scrub
from harness.replay.record import Recorder, RecordOptions, connect
from harness.reports.json_form import text_of
from harness.reports.progress import ProgressLine
from harness.reports.text import plural
from harness.settings import find_project
from harness.workers.interpreter import import_path


@dataclass(frozen=True, kw_only=True)
class RecordedJson:
    """What was recorded.

    Attributes:
        folder: The corpus.
        recorded: How many histories were written.
        already_there: How many it had already.
        alike: How many were skipped for their shape.
        histories: How many the corpus has now.
        kept: What was not scrubbed, as a replay needs it, and should be checked by hand.
        problems: Why histories were not recorded, one sentence each.
    """

    folder: str
    recorded: int
    already_there: int
    alike: int
    histories: int
    kept: tuple[str, ...]
    problems: tuple[str, ...]


@click.command("record")
@click.argument("folder", type=FOLDER)
@click.option("--query", default="", help="Workflows that match this list filter of Temporal.")
@click.option("--id", "ids", multiple=True, metavar="WORKFLOW_ID", help="A workflow, with all its runs. Repeatable.")
@click.option("--task-queue", default="", help="Only workflows of this task queue.")
@click.option("--limit", type=click.IntRange(min=1), help="Record at most this many.")
@click.option("--from-run", type=GIVEN_FOLDER, metavar="FOLDER", help="Record from the run folders here.")
@click.option("--unlike", is_flag=True, help="Skip histories with the same shape as one already recorded.")
@click.option(
    "--scrub", "rules", multiple=True, metavar="RULE", help="Scrub all, identity, field=NAME or type=NAME. Repeatable."
)
@click.option(
    "--scrub-key",
    type=FILE,
    metavar="FILE",
    help="Keep the corpus's key in this file, to extend the corpus with it. Default: the key is thrown away.",
)
@click.option(
    "--codec", type=Import(), metavar="MODULE:NAME", help="Decode payloads with this codec before writing them."
)
@click.option("--at-once", type=click.IntRange(min=1), default=10, show_default=True, help="Fetch this many at a time.")
@click.option("--temporal", metavar="HOST:PORT", help="The server. Default: Temporal's environment configuration.")
@click.option("--namespace", help="The namespace on the server.")
@click.option("--profile", help="The profile of Temporal's configuration file.")
@json_printed(RecordedJson, "record", "Print JSON: the counts, and what is to be checked.")
def command(
    folder: Path,
    *,
    as_json: bool,
    query: str,
    ids: tuple[str, ...],
    task_queue: str,
    limit: int | None,
    from_run: Path | None,
    unlike: bool,
    rules: tuple[str, ...],
    scrub_key: Path | None,
    codec: str | None,
    at_once: int,
    temporal: str | None,
    namespace: str | None,
    profile: str | None,
) -> None:
    """Record histories into the corpus FOLDER. Closed runs that it already has are not fetched again."""
    root, settings = find_project(Path.cwd())
    sys.path[:0] = import_path(root)
    options = RecordOptions(
        query=query,
        ids=ids,
        task_queue=task_queue,
        limit=limit,
        at_once=at_once,
        unlike=unlike,
        scrub=replace(
            Scrub.read(rules) or Scrub(removes=False),
            rules=settings.redact,
            tokens=Tokens(_key(scrub_key), mark=SCRUBBED, numbers=1),
        ),
        rules=rules,
        converter=Code(workflows=(), codec=codec or "").converter(),
        codec=codec or "",
    )
    problems = [*address_problem("Temporal server", temporal, example="127.0.0.1:7233")]
    if from_run is not None and (options.filter or temporal or namespace or profile):
        problems.append(
            "--from-run reads run folders; it cannot be combined with --query, --id, --task-queue, --temporal, "
            "--namespace or --profile."
        )
    if from_run is None and not options.filter and limit is None:
        problems.append("this would fetch all histories of the server: pass --query, --id, --task-queue or --limit.")
    if problems:
        raise UsageError(*problems)
    corpus = Corpus(folder)
    _check_key(corpus, options.scrub, kept=scrub_key)
    try:
        if from_run is None:
            recorded = asyncio.run(
                _from_server(corpus, options, temporal=temporal, namespace=namespace, profile=profile)
            )
        else:
            recorded = Recorder(corpus, options, revision=revision_here())
            asyncio.run(recorded.from_runs(from_run))
    except OSError as error:
        raise EnvironmentUnavailable(f"the corpus {folder} cannot be written: {error.strerror}.") from error
    if as_json:
        click.echo(text_of(_done(corpus, recorded)))
    else:
        say(
            f"{recorded.written} recorded, {recorded.there} already there, {recorded.alike} skipped for their shape; "
            f"{folder} has {len(corpus.entries)} now"
        )
    for kept in recorded.kept:
        say(f"kept for the replay, check by hand: {kept}", err=True)
    for problem in recorded.problems:
        say(f"not recorded: {problem}", err=True)
    if not corpus.entries:
        say("no workflow matches: the corpus is empty.", err=True)
    raise SystemExit(INCONCLUSIVE if recorded.problems or not corpus.entries else GREEN)


def _done(corpus: Corpus, recorded: Recorder) -> RecordedJson:
    return RecordedJson(
        folder=str(corpus.folder),
        recorded=recorded.written,
        already_there=recorded.there,
        alike=recorded.alike,
        histories=len(corpus.entries),
        kept=tuple(map(str, recorded.kept)),
        problems=tuple(map(str, recorded.problems)),
    )


def _key(file: Path | None) -> bytes:
    if file is None:
        return secrets.token_bytes(LENGTH)
    try:
        return kept_key(file)
    except (OSError, ValueError) as error:
        raise UsageError(f"--scrub-key {file} cannot be used: {error}.") from error


def _check_key(corpus: Corpus, scrub: Scrub | None, *, kept: Path | None) -> None:
    """Refuse another key than the corpus's, and say when its key is gone."""
    if not corpus.key or scrub is None or corpus.key == scrub.tokens.key_id:
        return
    if kept is not None:
        raise UsageError(
            f"{corpus.folder} was scrubbed with another key than the one in {kept}; pass that key, or record into an "
            "empty folder."
        )
    say(
        "note: this corpus was scrubbed with a key that is not at hand; equal values recorded now and before become "
        "different texts. To extend a corpus, keep its key with --scrub-key.",
        err=True,
    )


async def _from_server(
    corpus: Corpus, options: RecordOptions, *, temporal: str | None, namespace: str | None, profile: str | None
) -> Recorder:
    client = await connect(temporal, namespace=namespace, profile=profile)
    line, fetched = ProgressLine(sys.stderr), count(1)
    recorder = Recorder(
        corpus,
        options,
        revision=revision_here(),
        progress=lambda: line.show(plural(next(fetched), "history", "histories")),
    )
    try:
        await recorder.from_server(client)
    finally:
        line.clear()
    return recorder
