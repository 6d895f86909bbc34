"""Says what was found, in a few plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from harness.files.wording import counted, listed
from harness.init.find.everything import FoundProject
from harness.init.find.workflows import FoundWorkflow

SEVERAL = 8
"""How many of a kind are named in a line each."""


def in_words(found: FoundProject) -> Iterator[str]:
    """Yield the lines."""
    files = counted(len(found.project.modules), "Python file")
    yield f"Found in {found.project.root} ({files} read, none imported):"
    for workflow in found.workflows[:SEVERAL]:
        yield f"  workflow   {workflow.name} ({workflow.place}){_queue(found, workflow)}"
    yield from _more(len(found.workflows), "workflow")
    for activity in found.activities[:SEVERAL]:
        asked = [f"{one.method} {one.base.prefix}{one.path}" for one in found.requests[activity.place]]
        name = f"{activity.owner}.{activity.name}" if activity.owner else activity.name
        yield f"  activity   {name} ({activity.place}){': ' + listed(asked) if asked else ''}"
    yield from _more(len(found.activities), "activity", "activities")
    for service in found.services:
        yield f"  service    {service.name} {service.reached}"
    for program in found.programs:
        queues = f", task queue {listed(map(repr, program.queues))}" if program.queues else ""
        how = f"started as {program.entry}" if program.entry else "cannot be started alone; a program is written for it"
        yield f"  worker     {program.place}{queues}: {how}"
    if found.converter is not None:
        known = found.converter.source or "made of what only the program knows: declare it in the scenario yourself"
        yield f"  converter  {known} ({found.converter.place})"
    for one in found.others:
        yield f"  other      {one}: no fake is written for it"
    if found.exemplified:
        names = listed(found.exemplified, most=SEVERAL)
        yield f"  not set    {names}: environment variables that the code needs; what is written gives them an example"
    if places := [one for one in found.unset if one not in found.exemplified]:
        yield f"  not set    {listed(places, most=SEVERAL)}: the code needs these environment variables; set them first"
    yield from (f"  not read   {one}" for one in found.project.unread)


def _queue(found: FoundProject, workflow: FoundWorkflow) -> str:
    program = found.program_of(workflow)
    queue = program.queue_of(workflow.name) if program is not None else ""
    return f", task queue {queue!r}" if queue else ""


def _more(number: int, thing: str, things: str = "") -> Iterator[str]:
    if number > SEVERAL:
        yield f"  …and {counted(number - SEVERAL, f'other {thing}', f'other {things}' if things else '')}"
