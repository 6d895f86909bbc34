"""`harness explain`: describes scenarios."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any

import click

from harness.catalog import Entry
from harness.commands._complete import scenario_names
from harness.commands._json import json_printed
from harness.files.naming import kind_of
from harness.files.printable import say
from harness.reports.in_words import given, in_words
from harness.reports.json_form import text_of
from harness.scenario import Scenario
from harness.sessions.run_session import catalog_here
from harness.temporal.requirements import SHARED

LONGEST = 100
"""From which length on a value is cut."""


@dataclass(frozen=True, kw_only=True)
class FaultJson:
    """One fault.

    Attributes:
        when: When it is in force.
        must_fire: How often it must fire.
        summary: What it does.
    """

    name: str
    when: str
    must_fire: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class ExpectationJson:
    """One expectation.

    Attributes:
        oracle: The oracle's name, which its findings have.
        declared: The oracle with the values that differ from the defaults.
        summary: What it requires.
    """

    oracle: str
    declared: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class ExplainedJson:
    """One scenario.

    Attributes:
        docstring: What must hold.
        arguments: The workflow's arguments, in words.
        workers: How many there are, and in which processes.
        server: What it requires of its Temporal server.
        claims: The ids of the claims that it proves.
        file: The file that declares it.
    """

    name: str
    docstring: str
    workflow: str
    arguments: tuple[str, ...]
    fakes: tuple[str, ...]
    workers: str
    server: str
    faults: tuple[FaultJson, ...]
    expects: tuple[ExpectationJson, ...]
    claims: tuple[str, ...]
    file: str


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=scenario_names)
@json_printed(tuple[ExplainedJson, ...], "explain", "Print JSON: one object per scenario.")
def command(names: tuple[str, ...], *, as_json: bool) -> None:
    """Describe scenarios: the faults, when they occur, and what is expected."""
    explained = [_explained(entry) for entry in catalog_here(names).select(names)]
    if as_json:
        click.echo(text_of(explained))
        return
    for one in explained:
        say(one.name, bold=True)
        for line in _lines(one):
            say(line)
        say()


def _explained(entry: Entry) -> ExplainedJson:
    scenario = entry.scenario
    shared = scenario.server == SHARED
    return ExplainedJson(
        name=entry.name,
        docstring=entry.docstring or entry.summary,
        workflow=scenario.workflow_name,
        arguments=tuple(map(in_words, scenario.arguments)),
        fakes=tuple(one.name() for one in scenario.uses),
        workers=_workers(scenario),
        server="shared with other runs" if shared else _in_words(scenario.server),
        faults=tuple(
            FaultJson(
                name=name,
                when=_in_words(fault.when),
                must_fire=str(fault.when.bounds(fault.on)),
                summary=_first_line(type(fault)),
            )
            for name, fault in scenario.fault_names.items()
        ),
        expects=tuple(
            ExpectationJson(oracle=kind_of(one), declared=_in_words(one), summary=_first_line(type(one)))
            for one in scenario.expects
        ),
        claims=tuple(scenario.claims),
        file=str(entry.path),
    )


def _lines(one: ExplainedJson) -> Iterator[str]:
    yield from (f"  {line}".rstrip() for line in one.docstring.splitlines())
    yield ""
    yield f"  workflow  {one.workflow}, given {', '.join(one.arguments) or 'nothing'}"
    yield f"  fakes     {', '.join(one.fakes) or 'none'}"
    yield f"  workers   {one.workers}"
    yield f"  server    {one.server}"
    yield from _part("faults", [f"{it.name}, {it.when}, must fire {it.must_fire}: {it.summary}" for it in one.faults])
    yield from _part("expects", [f"{it.declared}: {it.summary}" for it in one.expects])
    yield f"  claims    {', '.join(one.claims) or 'none'}"
    yield f"  file      {one.file}"


def _part(heading: str, lines: list[str]) -> Iterator[str]:
    yield f"  {heading:<9} {lines[0] if lines else 'none'}"
    yield from (f"  {'':<9} {line}" for line in lines[1:])


def _workers(scenario: Scenario) -> str:
    if scenario.workers is None:
        return "1, in the harness's process"
    count = scenario.workers.count
    return "1, in a process of its own" if count == 1 else f"{count}, each in a process of its own"


def _in_words(value: Any) -> str:
    """A declaration as its kind with the values that differ from the defaults."""
    if not is_dataclass(value):
        return in_words(value)
    values = [one if len(one) <= LONGEST else f"{one[:LONGEST]}…" for one in given(value, without={"on", "when"})]
    return f"{kind_of(value)}({', '.join(values)})" if values else kind_of(value)


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]
