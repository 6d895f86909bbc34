"""`harness explain`: describes scenarios."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

import click

from harness.catalog import Entry
from harness.files.naming import kind_of
from harness.files.printable import say
from harness.reports.in_words import given, in_words
from harness.scenario import Scenario
from harness.sessions.run_session import catalog_here
from harness.temporal.requirements import SHARED

LONGEST = 100
"""From which length on a value is cut."""


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def command(names: tuple[str, ...]) -> None:
    """Describe scenarios: the faults, when they occur, and what is expected."""
    for entry in catalog_here(names).select(names):
        say(entry.name, bold=True)
        for line in _described(entry):
            say(line)
        say()


def _described(entry: Entry) -> Iterator[str]:
    scenario = entry.scenario
    yield from (f"  {line}".rstrip() for line in (entry.docstring or entry.summary).splitlines())
    yield ""
    arguments = ", ".join(map(in_words, scenario.arguments))
    yield f"  workflow  {scenario.workflow.__qualname__}, given {arguments or 'nothing'}"
    yield f"  fakes     {', '.join(one.name() for one in scenario.uses) or 'none'}"
    yield f"  workers   {_workers(scenario)}"
    shared = scenario.server == SHARED
    yield f"  server    {'shared with other runs' if shared else _in_words(scenario.server)}"
    yield from _part("faults", [_fault(name, fault) for name, fault in scenario.fault_names.items()])
    yield from _part("expects", [f"{_in_words(one)}: {_first_line(type(one))}" for one in scenario.expects])
    yield f"  claims    {', '.join(scenario.claims) or 'none'}"
    yield f"  file      {entry.path}"


def _part(heading: str, lines: list[str]) -> Iterator[str]:
    yield f"  {heading:<9} {lines[0] if lines else 'none'}"
    yield from (f"  {'':<9} {line}" for line in lines[1:])


def _fault(name: str, fault: Any) -> str:
    return f"{name}, {_in_words(fault.when)}, must fire {fault.when.bounds(fault.on)}: {_first_line(type(fault))}"


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
