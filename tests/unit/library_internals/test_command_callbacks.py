"""A replay names the line of workflow code that issued a command: without the callbacks, no finding has a line."""

from __future__ import annotations

import inspect
from types import FrameType, SimpleNamespace
from typing import Any, cast

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, _workflow_instance

from harness.library_internals.command_callbacks import call_on_command, call_on_patch


class Instance:
    """Issues commands and asks for patches as the SDK's does."""

    def __init__(self) -> None:
        self.commands: list[str] = []

    def _add_command(self) -> str:
        self.commands.append("command")
        return "command"

    def workflow_patch(self, patch_id: str, *, deprecated: bool) -> bool:
        """Answer."""
        return not deprecated and patch_id == "taken"

    def start_timer(self) -> str:
        """Issue a command."""
        return self._add_command()


def test_the_callback_gets_the_frame_that_issues_the_command() -> None:
    """Before the command is added."""
    instance: Any = Instance()
    frames: list[tuple[str, int]] = []

    def note(frame: FrameType) -> None:
        frames.append((frame.f_code.co_name, len(instance.commands)))

    call_on_command(instance, note)

    assert instance.start_timer() == "command"
    assert frames == [("start_timer", 0)]


def test_the_callback_gets_each_patch_and_its_answer() -> None:
    """The answer itself is not changed."""
    instance: Any = Instance()
    seen: dict[str, bool] = {}
    call_on_patch(instance, seen.__setitem__)

    assert instance.workflow_patch("taken", deprecated=False)
    assert not instance.workflow_patch("other", deprecated=False)
    assert seen == {"taken": True, "other": False}


def test_an_sdk_without_these_methods_calls_nothing_back() -> None:
    """A replay then has no lines, and is otherwise the same."""
    instance = cast("WorkflowInstance", SimpleNamespace())
    call_on_command(instance, print)
    call_on_patch(instance, print)

    assert vars(instance) == {}


def test_the_sdk_issues_every_command_through_this_method() -> None:
    """If this fails, replays have no lines: find out where the SDK adds commands and answers patches now."""
    made = inspect.getsource(UnsandboxedWorkflowRunner.create_instance)
    instance = _workflow_instance._WorkflowInstanceImpl
    source = inspect.getsource(_workflow_instance)

    assert "return _WorkflowInstanceImpl(det)" in made
    assert source.count("successful.commands.add()") == 1
    assert "successful.commands.add()" in inspect.getsource(instance._add_command)
    assert list(inspect.signature(instance._add_command).parameters) == ["self"]
    assert "deprecated" in inspect.signature(instance.workflow_patch).parameters
