"""What must hold of every application: a run comes to an end, no workflow task is stuck, every history replays."""

from __future__ import annotations

import re

from harness.explore.model.explored_run import Breach, ExploredRun, Invariant


def _terminates(run: ExploredRun) -> Breach | None:
    if not run.open or run.stuck is not None or run.hung is not None:
        return None
    return Breach(what=f"the workflow did not end: it was waiting for {run.open}.")


def _no_stuck_task(run: ExploredRun) -> Breach | None:
    if run.stuck is None:
        return None
    message, stack = run.stuck[0].replace(run.token, "TOKEN"), run.stuck[1]
    places = re.findall(r'File "[^"]*?([^"/]+)", line (\d+)', stack)
    where = ":".join(places[-1]) if places else message
    return Breach(what=f"a workflow task fails and will not recover by itself: {message}", subject=where)


def _lets_others_go_on(run: ExploredRun) -> Breach | None:
    if run.hung is None:
        return None
    name, where = run.hung
    return Breach(
        what=f"{name} blocks the event loop, and nothing else goes on until it was interrupted, at {where}. "
        "Let it await, or make it a plain function.",
        subject=name,
    )


def _replays_cleanly(run: ExploredRun) -> Breach | None:
    return Breach(what=f"a history does not replay against the code that made it: {run.replay}") if run.replay else None


STANDARD = (
    Invariant(name="terminates", judge=_terminates),
    Invariant(name="no_stuck_task", judge=_no_stuck_task),
    Invariant(name="lets_others_go_on", judge=_lets_others_go_on),
    Invariant(name="replays_cleanly", judge=_replays_cleanly),
)
"""The invariants that every run is judged by, whatever a target says."""


def same_outcome_as_without_fault(fault_free: ExploredRun) -> Invariant:
    """Make the advisory invariant: a run that reports success returns what it returns without any fault."""
    expected = fault_free.value(fault_free.outcome.result)

    def judge(run: ExploredRun) -> Breach | None:
        if not run.ended or run.failed or run.value(run.outcome.result) == expected:
            return None
        came = run.value(run.outcome.result)
        return Breach(what=f"the workflow returns {came}, and without any fault {expected}.")

    return Invariant(name="same_outcome_as_without_fault", judge=judge, advisory=True)
