"""Writes a worker program for a workflow that no program of the project serves by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.init.find.activities import FoundActivity
from harness.init.find.everything import FoundProject
from harness.init.find.services import FoundService
from harness.init.find.workflows import FoundWorkflow
from harness.init.write.addition import Addition
from harness.init.write.code import ImportLines
from harness.init.write.construction import Construction

OWN_WORKER = "_worker"

_FILE = '''"""A worker for {workflow}: no program of the project has one that can be started alone.

Written by `harness init`. Scenarios run it on the server and the task queue of a run.
"""

from __future__ import annotations

{imports}


async def main() -> None:
    """Run the worker until the process ends."""
    client = await Client.connect("localhost:7233"{converter})
{made}    with ThreadPoolExecutor() as threads:
        worker = Worker(
            client,
            task_queue="any",
            workflows=[{workflows}],
            activities={activities},
            activity_executor=threads,
        )
        await worker.run()
'''


def needs_own_worker(found: FoundProject, workflow: FoundWorkflow) -> bool:
    """Whether no program of the project serves a workflow and can be started by itself."""
    return found.program_of(workflow) is None


def activities_of(found: FoundProject, workflow: FoundWorkflow) -> list[FoundActivity]:
    """Return the activities of a workflow and its descendants, each once; all, where the code does not say which."""
    called = {each.place: each for one in found.all_of(workflow) for each in one.activities}
    return [*called.values()] or [*found.activities]


def service_of(found: FoundProject, activity: FoundActivity, services: Sequence[FoundService]) -> FoundService | None:
    """Return the first service that an activity calls."""
    for request in found.requests[activity.place]:
        for one in services:
            if one.answers(request):
                return one
    return None


def write_worker(root: Path, folder: Path, found: FoundProject, workflow: FoundWorkflow) -> Iterator[Addition]:
    """Yield the program, if it is needed and not there."""
    path = folder / f"{OWN_WORKER}.py"
    if not needs_own_worker(found, workflow) or (root / path).exists():
        return
    imports = ImportLines()
    imports.add("concurrent.futures", "ThreadPoolExecutor")
    imports.add("temporalio.client", "Client")
    imports.add("temporalio.worker", "Worker")
    services = found.services_of(workflow)

    def url(activity: FoundActivity) -> str:
        service = service_of(found, activity, services)
        if service is None:
            return ""
        if service.base.env and not service.base.address:
            imports.add("", "os")
            return f'os.environ["{service.base.env}"]'
        return f'"{service.base.url}"'

    construction = Construction(activities_of(found, workflow), url, imports)
    converter = found.converter
    written = ""
    if converter is not None and converter.source:
        for one in converter.imports:
            imports.wanted.add(one)
        written = f", data_converter={converter.source}"
    workflows = ", ".join(imports.add(one.module.name, one.name) for one in found.all_of(workflow))
    text = _FILE.format(
        workflow=workflow.name,
        imports=imports.lines,
        converter=written,
        made="".join(f"    {one}\n" for one in construction.lines),
        workflows=workflows,
        activities=construction.listed,
    )
    yield Addition(path=path, text=text, what="a worker program, since the project has none that can be started alone")
