"""`harness add`: copies a pattern, a fake or a scenario of the reference code into the project."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from harness.add.additions import Additions
from harness.add.left import left_to_adjust
from harness.add.plan import AddPlan, Purpose, State
from harness.add.project import importable, module_of, project_of
from harness.add.reference import Reference, reference
from harness.add.source import packages_of
from harness.commands._json import json_printed
from harness.commands._paths import GIVEN_FILE
from harness.errors import UsageError
from harness.extras import Extra, need
from harness.files.naming import camel_case
from harness.files.printable import say
from harness.files.wording import counted
from harness.reports.json_form import text_of
from harness.settings import find_project

KINDS = ("pattern", "fake", "scenario")


@dataclass(frozen=True, kw_only=True)
class AdditionJson:
    """What can be added.

    Attributes:
        kind: "pattern", "fake" or "scenario".
        summary: What it is, in one line.
    """

    kind: str
    name: str
    summary: str


@click.command("add")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@click.argument("name", required=False, metavar="NAME")
@click.option("--for", "target", metavar="PATTERN", help="The pattern of the project that gets the scenario.")
@click.option("--as", "renamed", metavar="FOLDER", help="The name of the pattern in the project. Default: its own.")
@click.option(
    "--from",
    "contract",
    metavar="FILE",
    type=GIVEN_FILE,
    help="Make the fake NAME from an OpenAPI document, or from recorded traffic (HAR).",
)
@click.option(
    "--host", "hosts", multiple=True, metavar="HOST", help="Of recorded traffic: the host that it stands for."
)
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@click.option("--list", "listing", is_flag=True, help="List what can be added; with a kind, all of that kind.")
@json_printed(tuple[AdditionJson, ...], "add", "With --list, print JSON: one object for each.")
def command(
    *,
    as_json: bool,
    kind: str | None,
    name: str | None,
    target: str | None,
    renamed: str | None,
    contract: Path | None,
    hosts: tuple[str, ...],
    dry_run: bool,
    listing: bool,
) -> None:
    """Copy the pattern, fake or scenario NAME into the project, to be changed there. Nothing is overwritten."""
    problems = [
        *_misplaced(kind, target=target, renamed=renamed, contract=contract, hosts=hosts),
        *_unsaid(kind, name, contract, dry_run=dry_run, listing=listing),
    ]
    if as_json and not listing:
        problems.append("--json is of the list; it goes with --list.")
    if problems:
        raise UsageError(*problems)
    known = click.get_current_context().with_resource(reference())
    if listing and as_json:
        click.echo(text_of(_additions(known, kind)))
        return
    if listing:
        _list(known, kind)
        return
    assert name is not None  # noqa: S101 - refused above
    project = project_of(*find_project(Path.cwd()))
    additions = Additions(project=project, known=known)
    if kind == "pattern":
        plan = additions.pattern(name, to=renamed or name)
        then = f"harness run {shlex.quote(f'{renamed or name}/*')}"
    elif kind == "fake":
        plan = additions.fake(name) if contract is None else _made(additions, contract, name, hosts)
        then = f"name it in a scenario: from {module_of(project.fakes / name)} import {camel_case(name)}"
    else:
        plan = additions.scenario(name, to=target or "")
        then = f"harness run {target or name.partition('/')[0]}/{name.partition('/')[2]}"
    # Before anything is written: what the new files are compared with is the project as it was.
    left = left_to_adjust(plan, project, known)
    if not dry_run:
        plan.write()
    _report(plan, dry_run=dry_run)
    _then(plan, left, then)


def _misplaced(
    kind: str | None, *, target: str | None, renamed: str | None, contract: Path | None, hosts: tuple[str, ...]
) -> Iterator[str]:
    """Yield what is wrong with options that go with another kind."""
    if target is not None and kind != "scenario":
        yield "--for names the pattern that gets a scenario; it goes with `harness add scenario`."
    if renamed is not None and kind != "pattern":
        yield "--as names a pattern's folder; it goes with `harness add pattern`."
    if contract is not None and kind != "fake":
        yield "--from names what a fake is made from; it goes with `harness add fake NAME`."
    if hosts and contract is None:
        yield "--host chooses a host of recorded traffic; name the HAR file with --from."


def _unsaid(
    kind: str | None, name: str | None, contract: Path | None, *, dry_run: bool, listing: bool
) -> Iterator[str]:
    """Yield what is missing, or too much."""
    if listing and (name is not None or dry_run):
        yield "--list adds nothing; it cannot be combined with a name or with --dry-run."
    if not listing and name is None and contract is not None:
        like = f"{_module_like(contract.stem)} --from {shlex.quote(str(contract))}"
        yield f"name the fake, such as `harness add fake {like}`."
    elif not listing and name is None:
        what = f"which {kind}" if kind else "a pattern, a fake or a scenario, and which"
        yield f"say {what}; `harness add --list{f' {kind}' if kind else ''}` lists what there is."


def _made(additions: Additions, contract: Path, name: str, hosts: tuple[str, ...]) -> AddPlan:
    if not importable(name) or not name.islower():
        like = _module_like(name)
        raise UsageError(f"{name!r} cannot be the name of a fake: it names a Python module; try {like!r}.")
    need("--from", Extra.CONTRACTS)
    from harness.contracts.fake import fake_of  # noqa: PLC0415 - an extra

    made = fake_of(contract, name, hosts=hosts)
    plan = additions.made(name, made.text)
    say(f"{counted(len(made.parts), 'operation')}; {counted(made.undone, 'pair')} of create and delete.")
    if made.left:
        say(f"{counted(len(made.left), 'part')} of the contract cannot be expressed; the file's docstring names them.")
    return plan


def _module_like(name: str) -> str:
    """Return a name for a module that is close to another one."""
    guess = re.sub(r"\W+", "_", name.lower(), flags=re.ASCII).strip("_")
    return guess if importable(guess) else "payments"


def _of_kind(known: Reference, kind: str) -> Mapping[str, str]:
    return {"pattern": known.patterns, "fake": known.fakes, "scenario": known.scenarios}[kind]()


def _additions(known: Reference, only: str | None) -> Iterator[AdditionJson]:
    for kind in (only,) if only else KINDS:
        for name, summary in _of_kind(known, kind).items():
            yield AdditionJson(kind=kind, name=name, summary=summary)


def _list(known: Reference, kind: str | None) -> None:
    if kind is None:
        _rows("patterns", known.patterns())
        _rows("fakes", known.fakes())
        say(f"{len(known.scenarios())} scenarios: list them with `harness add --list scenario`.")
    else:
        _rows(f"{kind}s", _of_kind(known, kind))


def _rows(title: str, rows: Mapping[str, str]) -> None:
    say(title, bold=True)
    width = max(map(len, rows), default=0)
    for name, summary in rows.items():
        say(f"  {name:<{width}}  {summary}")


def _report(plan: AddPlan, *, dry_run: bool) -> None:
    new, same = plan.having(State.NEW), plan.having(State.SAME)
    for one in new:
        say(f"{'would write' if dry_run else 'wrote'}  {one.path}")
    for one in plan.having(State.OTHER):
        say(f"kept  {one.path}, which differs from the reference")
    there = sum(one.purpose is not Purpose.PACKAGE for one in same)
    written = "would be written" if dry_run else "written"
    say(f"{counted(len(new), 'file')} {written}, {there} already there.")


def _then(plan: AddPlan, left: list[str], then: str) -> None:
    if left:
        say("Left to adjust:", bold=True)
        for one in left:
            say(f"  {one}")
    packages = {one for file in plan.files if file.path.suffix == ".py" for one in packages_of(file.text)}
    roots = {one.path.parts[0].removesuffix(".py") for one in plan.files}
    missing = sorted(one for one in packages - roots if find_spec(one) is None)
    if missing:
        say(f"Not installed here: pip install {' '.join(missing)}")
    say(f"Next: {then}")
