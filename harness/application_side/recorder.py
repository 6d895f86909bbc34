"""The recording runner: every command that workflow code issues while it is replayed, in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import CodeType, FrameType
from typing import Any, NamedTuple

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from harness.library_internals.command_callbacks import call_on_command, call_on_patch
from harness.library_internals.workflow_messages import WorkflowCommand
from harness.library_internals.workflow_runner import DelegatingInstance, DelegatingRunner

NOTE_SITE = "__harness_note_site"
NOTE_PATCH = "__harness_note_patch"


class Site(NamedTuple):
    """A line of workflow code.

    Attributes:
        file: Its file, as Python knows it.
        line: Its number.
        function: In which function.
    """

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


class Issued(NamedTuple):
    """One command that the code issued.

    Attributes:
        task: The id of the event that started the workflow task in which it was issued.
        command: The command, its payloads as they are before a codec encodes them.
        site: Which line of the workflow's code issued it, where that is known.
    """

    task: int
    command: WorkflowCommand
    site: Site | None


@dataclass
class Recording:
    """What one replay of one history did.

    Attributes:
        issued: Every command, in order.
        failed: What the code failed with in a workflow task, "" when it did not.
        trace: The stack of that failure.
        patches: What `workflow.patched` answered, by patch id.
    """

    issued: list[Issued] = field(default_factory=list)
    failed: str = ""
    trace: str = ""
    patches: dict[str, bool] = field(default_factory=dict)


class RecordingRunner(DelegatingRunner):
    """Delegates everything to another runner, and writes down what comes out.

    Args:
        inner: The runner that does the work: a `SandboxedWorkflowRunner` made with `runner_class=SiteRunner`, or a
            `SiteRunner`.
        place: Returns the task queue and the namespace that the history being replayed was recorded on; code that
            reads them from `workflow.info()` would otherwise be given the replayer's own.
    """

    def __init__(self, inner: WorkflowRunner, *, place: Callable[[], tuple[str, str]]) -> None:
        super().__init__(inner)
        self._place = place
        self.recording = Recording()

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Wrap an instance of the inner runner's."""
        task_queue, namespace = self._place()
        info = replace(det.info, task_queue=task_queue, namespace=namespace or det.info.namespace)
        sites: list[Site | None] = []
        extern: dict[str, Callable[..., Any]] = {
            **det.extern_functions,
            NOTE_SITE: sites.append,
            NOTE_PATCH: self.recording.patches.__setitem__,
        }
        inner = super().create_instance(replace(det, info=info, extern_functions=extern))
        return _Recorded(inner, self.recording, sites)


class _Recorded(DelegatingInstance):
    def __init__(self, inner: WorkflowInstance, recording: Recording, sites: list[Site | None]) -> None:
        super().__init__(inner)
        self._recording = recording
        self._sites = sites

    def activate(self, act: Any) -> Any:
        self._sites.clear()
        completion = self._inner.activate(act)
        if completion.HasField("failed"):
            self._recording.failed = completion.failed.failure.message
            self._recording.trace = completion.failed.failure.stack_trace
        commands = list(completion.successful.commands)
        # Where the SDK does not let us see the lines, there are none: better than lines that belong to others.
        sites = self._sites if len(self._sites) == len(commands) else [None] * len(commands)
        for command, site in zip(commands, sites):
            copy = WorkflowCommand()
            # The SDK encodes the payloads of its own in place.
            copy.CopyFrom(command)
            self._recording.issued.append(Issued(task=act.history_length, command=copy, site=site))
        return completion


class SiteRunner(UnsandboxedWorkflowRunner):
    """The SDK's own innermost runner, which also notes where each command and each patch is asked for.

    Where the installed SDK does not let it, it notes nothing.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return the SDK's instance, which calls back."""
        instance = super().create_instance(det)
        note_site, note_patch = det.extern_functions.get(NOTE_SITE), det.extern_functions.get(NOTE_PATCH)
        if note_site is not None:
            call_on_command(instance, lambda frame: note_site(site_of(frame)))
        if note_patch is not None:
            call_on_patch(instance, note_patch)
        return instance


def site_of(frame: FrameType | None) -> Site | None:
    """Return the innermost line that is neither the SDK's, nor the harness's, nor the standard library's."""
    while frame is not None:
        file = frame.f_code.co_filename
        module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if not file.startswith("<") and module not in _NOT_ASKED:
            return Site(file=file, line=frame.f_lineno, function=_qualified(frame.f_code))
        frame = frame.f_back
    return None


def _qualified(code: CodeType) -> str:
    """Return the function's name, with its class's from Python 3.11 on."""
    return getattr(code, "co_qualname", code.co_name)


_NOT_ASKED = frozenset({"temporalio", "harness", "asyncio", "contextlib", "contextvars", "concurrent", "threading"})
