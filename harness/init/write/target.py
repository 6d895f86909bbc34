"""Writes a target for `harness explore`: a workflow with its activities, and with fakes for what these call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.init.find.activities import FoundActivity
from harness.init.find.everything import FoundProject
from harness.init.find.services import FoundService
from harness.init.find.workflows import FoundWorkflow
from harness.init.write.addition import Addition
from harness.init.write.code import ImportLines, laid_out
from harness.init.write.construction import Construction
from harness.init.write.places import Places, dotted
from harness.init.write.scenario import (
    arguments,
    converter_name,
    converter_variable,
    examples_of_variables,
    sending,
)
from harness.init.write.worker import activities_of, service_of

_FILE = '''"""How {workflow} is explored: every fault is injected at every call of an activity.

Written by `harness init`. Add invariants that say what must hold of the outside world, whatever fails.
"""

from __future__ import annotations

{imports}

{functions}target = Target(
    workflows=[{workflows}],
    activities={activities},
{declared})
'''

_ACTIVITIES = '''
@asynccontextmanager
async def activities() -> AsyncIterator[list[Callable[..., Any]]]:
    """Make the activities; the fakes that they call run for as long as the exploration does."""
{body}

'''

_DRIVE = '''
async def drive(run: Drive) -> None:
    """Start the workflow, and send what it waits for."""
    handle = await run.start({started})
{sent}    await handle.result()

'''


@dataclass(frozen=True, kw_only=True)
class _Served:
    """A service, and the variable that has the base URL of its fake."""

    service: FoundService

    @property
    def url(self) -> str:
        return self.service.name.upper()

    @property
    def port(self) -> str:
        return f"{self.url}_PORT"

    @property
    def set_up(self) -> Iterator[str]:
        """The statements that tell the application where the fake is, before it is imported."""
        base = self.service.base
        yield f"{self.port} = free_port()"
        yield f'{self.url} = f"http://127.0.0.1:{{{self.port}}}"'
        if base.address:
            yield f'os.environ["{base.env}"] = f"127.0.0.1:{{{self.port}}}"'
        elif base.env:
            yield f'os.environ["{base.env}"] = {self.url}' + (f' + "{base.prefix}"' if base.prefix else "")


def write_target(root: Path, places: Places, found: FoundProject, workflow: FoundWorkflow) -> Iterator[Addition]:
    """Yield the target, if there is no file of that name and its activities can be made."""
    path = Path(places.targets, f"{workflow.pattern}.py")
    activities = activities_of(found, workflow)
    if (root / path).exists() or not activities:
        return
    imports = ImportLines()
    services = [_Served(service=one) for one in found.services_of(workflow)]

    def url(activity: FoundActivity) -> str:
        service = service_of(found, activity, found.services)
        return "" if service is None else _Served(service=service).url

    construction = Construction(activities, url, imports)
    if construction.problems:
        return
    imports.add("harness", "Target")
    workflows = ", ".join(imports.add(one.module.name, one.name) for one in found.all_of(workflow))
    made = bool(services or construction.lines)
    functions = [_activities(places, services, construction, imports)] if made else []
    functions += [_drive(found, workflow, imports)] if workflow.signals else []
    before = converter_variable(found.converter) + "".join(functions) + ("\n" if functions else "")
    declared = [*_declared(found, workflow, activities, construction, imports)]
    text = _FILE.format(
        workflow=workflow.name,
        imports=_imports(found, services, imports),
        functions=before,
        workflows=workflows,
        activities="activities" if made else construction.listed,
        declared="".join(f"    {one},\n" for one in declared),
    )
    yield Addition(path=path, text=text, what="a target for `harness explore`")


def _declared(
    found: FoundProject,
    workflow: FoundWorkflow,
    activities: Sequence[FoundActivity],
    construction: Construction,
    imports: ImportLines,
) -> Iterator[str]:
    """Yield the fields of the target besides its workflows and activities."""
    if workflow.signals:
        yield "drive=drive"
    else:
        yield f"workflow={workflow.name}.run"
        if given := arguments(found, workflow, imports):
            yield f"given=lambda token: {laid_out(_of_run(given), indent=4, before=20)}"
    # Methods belong to an object that does not exist yet.
    functions = [one for one in activities if not one.owner]
    if reads := [construction.names[one.place] for one in functions if _only_reads(found, one)]:
        yield f"reads=[{', '.join(reads)}]"
    if once := [construction.names[one.place] for one in functions if _has_no_key(found, one)]:
        judge = imports.add("harness", "at_most_once")
        yield f"invariants=[{', '.join(f'{judge}({one})' for one in once)}]"
    if found.converter is not None and found.converter.source:
        imports.wanted.update(found.converter.imports)
        yield f"data_converter={converter_name(found.converter)}"


def _imports(found: FoundProject, services: Sequence[_Served], imports: ImportLines) -> str:
    """Return the imports; in their middle, what must be done before the application is imported."""
    unset = [*examples_of_variables(found)]
    if unset or any(one.service.base.env for one in services):
        imports.add("", "os")
    if not services and not unset:
        return imports.lines
    if not services:
        return "\n\n".join([imports.standard, "\n".join(unset), imports.others])
    early = ImportLines()
    early.add("harness.processes.guard", "free_port")
    hosts = ", ".join(f'"{one.service.base.host}": {one.url}' for one in services if one.service.base.host)
    lines = [line for one in services for line in one.set_up]
    if hosts:
        early.add("harness", "fake_hosts")
        lines.append(laid_out(f"fake_hosts({{{hosts}}})"))
    else:
        early.add("harness.workers.offline", "refuse_other_hosts")
        lines.insert(0, "refuse_other_hosts()")
    before = "\n".join([*lines, *unset])
    why = "# Before the application is imported, which may read it then."
    return "\n\n".join([imports.standard, early.others, f"{why}\n{before}", imports.others])


def _activities(places: Places, services: Sequence[_Served], construction: Construction, imports: ImportLines) -> str:
    """Return the function that makes the activities, with the fakes around them."""
    for name in ("AsyncIterator", "Callable"):
        imports.add("collections.abc", name)
    imports.add("contextlib", "asynccontextmanager")
    imports.add("typing", "Any")
    body = []
    for one in services:
        kind = imports.add(f"{dotted(places.fakes)}.{one.service.name}", one.service.kind)
        body += [f"{one.service.name}_fake = {kind}()", f"await {one.service.name}_fake.start(port={one.port})"]
    body += construction.lines
    if services:
        body += ["try:", f"    yield {laid_out(construction.listed, indent=8, before=6)}", "finally:"]
        body += [f"    await {one.service.name}_fake.stop()" for one in services]
    else:
        body.append(f"yield {laid_out(construction.listed, indent=4, before=6)}")
    return _ACTIVITIES.format(body="\n".join(f"    {one}" for one in body))


def _drive(found: FoundProject, workflow: FoundWorkflow, imports: ImportLines) -> str:
    imports.add("harness", "Drive")
    given = _of_run(arguments(found, workflow, imports), "run.token")
    passed = f"args=[{given[1:-1]}]" if given.startswith("(") else laid_out(given) if given else ""
    sent = "".join(f"    await handle.{one}\n" for one in sending(found, workflow, imports))
    return _DRIVE.format(started=", ".join(filter(None, [f"{workflow.name}.run", passed])), sent=sent)


def _of_run(given: str, run_id: str = "token") -> str:
    """Return the arguments with the id of the run in the place of what most likely tells one run from another."""
    likely = re.search(r"'\w*(?:id|key|order|reference|number)-1'", given) or re.search(r"'\w+-1'", given)
    return given if likely is None else f"{given[: likely.start()]}{run_id}{given[likely.end() :]}"


def _only_reads(found: FoundProject, activity: FoundActivity) -> bool:
    requests = found.requests[activity.place]
    return bool(requests) and all(one.method == "GET" for one in requests)


def _has_no_key(found: FoundProject, activity: FoundActivity) -> bool:
    return any(one.repeats and not one.keyed for one in found.requests[activity.place])
