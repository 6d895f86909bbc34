"""Callbacks where workflow code issues a command or asks for a patch: `_add_command` and `workflow_patch`.

Read in `temporalio/worker/_workflow_instance.py`. Both are methods of the private `_WorkflowInstanceImpl`, which the
SDK's innermost runner makes. They are replaced on one instance, since an interceptor sees neither every command nor
the line that issued it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from temporalio.worker import WorkflowInstance


def call_on_command(instance: WorkflowInstance, callback: Callable[[FrameType], object]) -> None:
    """Call back before each command that an instance issues, with the frame of the SDK's that issues it.

    Does nothing where the SDK has no such method: whoever counts the calls finds fewer than commands.
    """
    inner: Any = instance
    add_command = getattr(inner, "_add_command", None)
    if add_command is None:
        return

    def add_and_call() -> Any:
        callback(sys._getframe(1))  # noqa: SLF001 - the way to a caller's line that costs nothing
        return add_command()

    inner._add_command = add_and_call  # noqa: SLF001 - see the module


def call_on_patch(instance: WorkflowInstance, callback: Callable[[str, bool], object]) -> None:
    """Call back after each `workflow.patched` of an instance, with the patch's id and the answer."""
    inner: Any = instance
    patch = getattr(inner, "workflow_patch", None)
    if patch is None:
        return

    def patch_and_call(patch_id: str, **options: Any) -> Any:
        answer = patch(patch_id, **options)
        callback(patch_id, answer)
        return answer

    inner.workflow_patch = patch_and_call
