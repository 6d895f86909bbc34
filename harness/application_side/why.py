"""Why a worker does not start, in a sentence with the line to change.

The SDK's own error, "Failed validating workflow Order", leaves the reason to the exceptions behind it.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterator
from types import TracebackType

from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from harness.application_side.code_place import is_application, short

_REFUSED = re.compile(r"Failed validating workflow (.+)")

INSIDE = "`with workflow.unsafe.imports_passed_through():`"


def why(error: BaseException) -> str:
    """Return why something failed: the error, and every error behind it; of a workflow that is refused, the import."""
    refused = _REFUSED.fullmatch(str(error))
    if refused is None or error.__cause__ is None:
        return " <- ".join(_words(one) for one in _behind(error))
    cause = [*_behind(error.__cause__)][-1]
    line = _line(cause.__traceback__) or _line(error.__cause__.__traceback__)
    where = "its module" if line is None else f"{line[0]} (`{line[1]}`)" if line[1] else line[0]
    if isinstance(cause, RestrictedWorkflowAccessError):
        accessed = re.sub(r"\.__\w+__$", "", cause.qualified_name)
        what = f"{where} reaches {accessed}"
    else:
        what = f"{where} raises {_words(cause)}"
    todo = f"Import it inside {INSIDE}, or only in the activities' module."
    return f"the workflow sandbox refuses {refused[1]}: {what}. {todo}"


def _behind(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _line(traceback: TracebackType | None) -> tuple[str, str] | None:
    """Return the file and line of the innermost frame of the application, and what stands there."""
    found: tuple[str, str] | None = None
    while traceback is not None:
        file, number = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        if is_application(file):
            found = f"{short(file)}:{number}", linecache.getline(file, number).strip()
        traceback = traceback.tb_next
    return found
