"""What most likely helps when code and history do not fit."""

from __future__ import annotations

from collections.abc import Mapping

from harness.replay.engine.compare import Divergence

KEEP_THE_OLD = (
    "Or keep the old code for the runs that are open: pin them to its version with Worker Versioning, "
    "or give the new code a workflow type of its own."
)

NOT_DETERMINISTIC = (
    "The code is the same as in the run, so it is not deterministic. It depends on something that differs between "
    "processes: the order of a set or a hash (sort before you iterate), state that another run left in the process "
    "(module or class variables), the environment, the file system, the clock or random numbers."
)


def remedy(divergence: Divergence | None, *, patches: Mapping[str, bool], same_code: bool = False) -> str:
    """Return a few sentences.

    Args:
        divergence: Where the code goes another way, None if unknown.
        patches: What `workflow.patched` answered in this replay.
        same_code: Whether the code is the one that made the history.
    """
    if same_code:
        return NOT_DETERMINISTIC
    if divergence is None:
        return f"Put the change behind `if workflow.patched(...)`. {KEEP_THE_OLD}"
    if divergence.recorded.startswith("MarkerRecorded"):
        return (
            f"The history has {divergence.recorded}, which the code no longer issues. Remove a patch only when no run "
            "that has it is open; until then keep `workflow.deprecate_patch(...)`. Local activities must be called "
            "again in the same order."
        )
    if not divergence.recorded:
        what = f"The code issues {divergence.issued}, which the history does not have"
    elif not divergence.issued:
        what = f"The code no longer issues {divergence.recorded}"
    else:
        what = f"The code issues {divergence.issued} where the history has {divergence.recorded}"
    answers = ", ".join(f"{name}={answer}" for name, answer in patches.items())
    given = f" (the patches of this run: {answers})" if patches else ""
    return (
        f"{what}. Let old runs take the old path: put the change behind `if workflow.patched(...)`{given}. "
        f"{KEEP_THE_OLD}"
    )
