"""What most likely helps where code and history part."""

from __future__ import annotations

from harness.replay.engine.compare import Divergence

CHOICES = (
    "Or keep the old code for the runs that are open: pin them to its version with Worker Versioning, "
    "or give the new code a workflow type of its own."
)


def remedy(divergence: Divergence | None, *, patches: dict[str, bool]) -> str:
    """Return one or two sentences.

    Args:
        divergence: Where they part, None when that is not known.
        patches: What `workflow.patched` answered in this replay.
    """
    if divergence is None:
        return f"Put the change behind `if workflow.patched(...)`. {CHOICES}"
    if divergence.recorded.startswith("MarkerRecorded"):
        return (
            f"The history has {divergence.recorded}, which the code no longer asks for. A patch may be taken out only "
            "when no run that has it is open or wanted for replay: until then leave `workflow.deprecate_patch(...)`. "
            "A local activity has to be asked for again, in the same order."
        )
    given = (
        f" (this run's patches: {', '.join(f'{name}={answer}' for name, answer in patches.items())})" if patches else ""
    )
    if not divergence.recorded:
        what = f"The code asks for {divergence.issued}, which the history does not have"
    elif not divergence.issued:
        what = f"The code no longer asks for {divergence.recorded}"
    else:
        what = f"The code asks for {divergence.issued} where the history has {divergence.recorded}"
    return f"{what}. Let old runs go the old way: put the change behind `if workflow.patched(...)`{given}. {CHOICES}"
