"""Writes the first scenarios of a workflow: one in which nothing fails, and one in which an answer is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.init.find.converters import FoundConverter
from harness.init.find.everything import FoundProject
from harness.init.find.examples import Examples, as_source
from harness.init.find.services import FoundOperation, FoundService
from harness.init.find.workflows import FoundWorkflow
from harness.init.source import Function
from harness.init.write.addition import Addition
from harness.init.write.code import ImportLines, laid_out, quoted
from harness.init.write.places import Places, dotted
from harness.init.write.worker import OWN_WORKER, needs_own_worker

NOWHERE = "http://127.0.0.1:9"
"""An address at which nothing listens."""

EXAMPLE = "1"
"""The value of an environment variable of which only the name is known: text, and also a number."""

_ALL_WELL = '''"""Nothing fails: {workflow} completes.

Written by `harness init` from what the code says.
The arguments are examples, and so are the answers of the fakes.
"""

from __future__ import annotations

{imports}

{before}

{drive}scenario = Scenario(
    application={application},
    workflow={workflow}.run,
{declared}    expects=[Outcome()],
)
'''

_LOST = '''"""The first answer of {service} to {operation} is lost: {holds}.

Written by `harness init`.
{note}"""

from __future__ import annotations

from dataclasses import replace

{imports}

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on={on}, when=FirstCalls(n=1))],
    expects=[{expects}],
)
'''


@dataclass(frozen=True, kw_only=True)
class FirstScenarios:
    """What is written for one workflow.

    Attributes:
        found: Everything that was found.
        workflow: Which workflow.
        root: The project's folder.
        places: Where things are written.
    """

    found: FoundProject
    workflow: FoundWorkflow
    root: Path
    places: Places

    @property
    def folder(self) -> Path:
        """The folder of its pattern."""
        return Path(self.places.scenarios, self.workflow.pattern)

    def additions(self) -> Iterator[Addition]:
        """Yield the files, if the pattern has no scenario in which nothing fails."""
        if (self.root / self.folder / "all_well.py").exists():
            return
        yield Addition(path=self.folder / "all_well.py", text=self._all_well(), what="a scenario: nothing fails")
        hit = self._hit()
        if hit is not None:
            service, operation = hit
            path = self.folder / f"{operation.name}_reply_lost_once.py"
            what = f"a scenario: the first answer of {service.name}.{operation.name} is lost"
            yield Addition(path=path, text=self._lost(service, operation), what=what)

    def _hit(self) -> tuple[FoundService, FoundOperation] | None:
        """Return the operation whose answer is lost: one that is always called, and that a retry might repeat."""
        asked = [
            (service, operation)
            for request in self.found.requests_of(self.workflow)
            for service in self.found.services_of(self.workflow)
            if service.answers(request) and (operation := service.operation_of(request)) is not None
        ]
        always = {each.place for one in self.workflow.always for each in self.found.requests[one.place]}
        return min(
            asked,
            key=lambda one: (one[1].request.place not in always, not one[1].request.repeats, not one[1].changes),
            default=None,
        )

    def _all_well(self) -> str:
        imports = ImportLines()
        for name in ("Application", "Outcome", "Scenario", "WorkerCommand", "WorkerProcesses"):
            imports.add("harness", name)
        classes = [imports.add(one.module.name, one.name) for one in self.found.all_of(self.workflow)]
        application = f"Application(workflows=[{', '.join(classes)}]{self._converter(imports)})"
        drive = self._drive(imports)
        declared = "".join(f"    {one},\n" for one in self._declared(imports))
        return _ALL_WELL.format(
            workflow=classes[0],
            before=self._before(),
            drive=drive,
            application=laid_out(application, indent=4, before=12),
            declared=declared,
            imports=self._imports(imports),
        )

    def _declared(self, imports: ImportLines) -> Iterator[str]:
        """Yield the fields of the scenario besides its application and its workflow."""
        if given := arguments(self.found, self.workflow, imports):
            yield f"given={laid_out(given, indent=4, before=6)}"
        services = self.found.services_of(self.workflow)
        if services:
            uses = [imports.add(f"{dotted(self.places.fakes)}.{one.name}", one.kind) for one in services]
            yield f"uses=[{', '.join(uses)}]"
        yield "workers=WorkerProcesses(own=WORKER)"
        if self._needs_own_server():
            # Its workers poll task queues that have the same names in every run.
            yield f"server={imports.add('harness', 'Server')}(breakable=True)"
        if self.workflow.signals:
            yield "drive=drive"

    def _imports(self, imports: ImportLines) -> str:
        services = self.found.services_of(self.workflow)
        required = [one.base.env for one in services if one.base.env and not one.base.url]
        early = [one for one in required if self.found.read_at_import(one)]
        if not early and not self.found.exemplified:
            return imports.lines
        imports.add("", "os")
        lines = []
        if early:
            why = "# The code reads this while it is imported; the worker of a run gets the addresses of the fakes."
            lines.append(why)
            lines += [f'os.environ.setdefault("{one}", "{NOWHERE}")' for one in early]
        lines += examples_of_variables(self.found)
        return "\n\n".join([imports.standard, "\n".join(lines), imports.others])

    def _before(self) -> str:
        return f"{converter_variable(self.found.converter)}WORKER = {laid_out(self._worker(), before=9)}"

    def _converter(self, imports: ImportLines) -> str:
        converter = self.found.converter
        if converter is None or not converter.source:
            return ""
        imports.wanted.update(converter.imports)
        return f", data_converter={converter_name(converter)}"

    def _worker(self) -> str:
        """Return the declaration of the worker: the application's own program, with the addresses of the fakes."""
        argv = ["{python}", "-m", "harness.workers.program", "--offline"]
        env: dict[str, str] = {}
        for one in self.found.services_of(self.workflow):
            placeholder = f"{{{one.name}}}"
            if one.base.address:
                argv += ["--address", f"{one.base.env}={placeholder}"]
            elif one.base.env:
                env[one.base.env] = placeholder + one.base.prefix
        program = self.found.program_of(self.workflow)
        if program is None or needs_own_worker(self.found, self.workflow):
            argv.append(f"{dotted(self.folder.as_posix())}.{OWN_WORKER}:main")
        else:
            queue = program.queue_of(self.workflow.name)
            argv += ["--queue", queue] if queue and len(program.queues) > 1 else []
            argv.append(program.entry)
        parts = [f"argv=[{', '.join(map(repr, argv))}]"]
        parts += [f"env={env!r}"] if env else []
        return f"WorkerCommand({', '.join(parts)}, tells=True)"

    def _needs_own_server(self) -> bool:
        program = self.found.program_of(self.workflow)
        named = [queue for one in self.found.all_of(self.workflow) for queue in one.queues]
        return bool(named) or (program is not None and len(program.queues) > 1)

    def _drive(self, imports: ImportLines) -> str:
        """Return a driver that sends each signal and update once, for a workflow that waits for them."""
        if not self.workflow.signals:
            return ""
        run = imports.add("harness", "LiveRun")
        lines = [f"async def drive(run: {run}) -> None:", '    """Send what the workflow waits for."""']
        lines += [f"    await run.handle.{one}" for one in sending(self.found, self.workflow, imports)]
        return "\n" + "\n".join(lines) + "\n\n\n"

    def _lost(self, service: FoundService, operation: FoundOperation) -> str:
        imports = ImportLines()
        for name in ("FirstCalls", "LostReply"):
            imports.add("harness", name)
        imports.add(f"{dotted(self.places.scenarios)}.{self.workflow.pattern}", "all_well")
        kind = imports.add(f"{dotted(self.places.fakes)}.{service.name}", service.kind)
        on = f"{kind}.{operation.name}"
        expects = []
        field = _identity(operation)
        if not self.workflow.one_attempt or not field:
            expects.append(f"{imports.add('harness', 'Outcome')}()")
        note = ""
        if field:
            # Without a field, each call would be a request of its own, and the oracle could not fail.
            expects.append(f"{imports.add('harness', 'AtMostOnce')}(of={on}, per={quoted(field)})")
            note = f"Calls with the same `{field}` are one request; name another field with `per` if that is wrong.\n"
        return _LOST.format(
            service=service.name,
            operation=operation.name,
            holds="the retry does not do it twice" if field else "the workflow completes all the same",
            note=note,
            imports=imports.lines,
            on=on,
            expects=", ".join(expects),
        )


def examples_of_variables(found: FoundProject) -> Iterator[str]:
    """Yield the statements that give examples to the environment variables that the code needs and that are not set."""
    if found.exemplified:
        yield "# The code needs these. Examples: a fake takes every key. What is set has precedence."
    for one in found.exemplified:
        yield f'os.environ.setdefault("{one}", "{EXAMPLE}")'


def converter_variable(converter: FoundConverter | None) -> str:
    """Return the statement that makes a data converter: processes find it by the name of its variable."""
    if converter is None or not converter.source or converter.source.isidentifier():
        return ""
    return f"CONVERTER = {laid_out(converter.source, before=12)}\n\n"


def converter_name(converter: FoundConverter) -> str:
    """Return the variable that has a data converter."""
    return converter.source if converter.source.isidentifier() else "CONVERTER"


def arguments(found: FoundProject, workflow: FoundWorkflow, imports: ImportLines) -> str:
    """Return examples of the arguments of a workflow: one value, a tuple of several, or "" for none."""
    return _arguments(found, workflow.run, workflow, imports)


def sending(found: FoundProject, workflow: FoundWorkflow, imports: ImportLines) -> Iterator[str]:
    """Yield the call of a workflow's handle that sends each of its signals and updates."""
    for one in workflow.signals:
        given = _arguments(found, one, workflow, imports)
        passed = f", args=[{given[1:-1]}]" if given.startswith("(") else f", {laid_out(given)}" if given else ""
        yield f"{'signal' if _is_signal(one) else 'execute_update'}({workflow.name}.{one.name}{passed})"


def _arguments(found: FoundProject, method: Function, workflow: FoundWorkflow, imports: ImportLines) -> str:
    examples = Examples(found.project).arguments(method.args, workflow.module)
    wanted: set[tuple[str, str]] = set()
    written: Sequence[str] = [as_source(one, wanted) for one in examples]
    for module, name in wanted:
        imports.add(module, name)
    return "" if not written else written[0] if len(written) == 1 else f"({', '.join(written)})"


def _identity(operation: FoundOperation) -> str:
    """Return the field of a body that most likely says which request it is; "" where a key says so, or nothing does."""
    if not operation.request.repeats:
        return ""
    fields = operation.request.fields
    likely = [one for one in fields if one.lower().endswith(("id", "key", "reference", "number", "order"))]
    return next(iter(likely if operation.request.keyed else [*likely, *fields]), "")


def _is_signal(method: Function) -> bool:
    names = (getattr(one, "func", one) for one in method.decorator_list)
    return any("signal" in getattr(one, "attr", "") for one in names)
