"""A runner around the SDK's own answers everything that a worker and a replayer ask of one."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.worker import WorkflowInstance, WorkflowRunner

from harness.library_internals.workflow_runner import DelegatingInstance, DelegatingRunner

UNDERSTOOD: dict[type, set[str]] = {
    WorkflowRunner: {"prepare_workflow", "create_instance", "set_worker_level_failure_exception_types"},
    WorkflowInstance: {
        "activate",
        "get_serialization_context",
        "get_external_store_context",
        "get_info",
        "get_thread_id",
    },
}


@pytest.mark.parametrize(("base", "ours"), [(WorkflowRunner, DelegatingRunner), (WorkflowInstance, DelegatingInstance)])
def test_every_method_of_the_sdk_s_class_is_delegated(base: type, ours: type) -> None:
    """One that the SDK adds would be answered by its base class and not by the inner runner: look at it first."""
    methods = {name for name, _ in inspect.getmembers(base, inspect.isfunction) if not name.startswith("_")}

    assert methods - UNDERSTOOD[base] == set()
    assert not inspect.isabstract(ours)


@pytest.mark.parametrize("ours", [DelegatingRunner, DelegatingInstance])
def test_what_is_asked_without_being_declared_reaches_the_inner_one(ours: Any) -> None:
    """The SDK looks for attributes that its abstract classes do not have."""
    assert ours(SimpleNamespace(_undeclared="inner"))._undeclared == "inner"


@dataclass
class Notes:
    """Stands in for a runner, and remembers which workflows it has looked at."""

    seen: list[Any] = field(default_factory=list)
    refuses: int = 0

    def prepare_workflow(self, definition: Any) -> None:
        """Look at one; refuse the first few."""
        self.seen.append(definition.cls)
        if len(self.seen) <= self.refuses:
            raise RuntimeError("unfit")


def around(notes: Notes) -> DelegatingRunner:
    """A runner around this one."""
    return DelegatingRunner(cast("WorkflowRunner", notes))


def test_a_workflow_is_looked_at_once_in_a_process() -> None:
    """By whichever runner; another class of the same name is another workflow."""
    notes, one, other = Notes(), SimpleNamespace(cls=type("Trip", (), {})), SimpleNamespace(cls=type("Trip", (), {}))
    for definition in (one, other, one):
        around(notes).prepare_workflow(definition)

    assert notes.seen == [one.cls, other.cls]


def test_one_that_is_unfit_is_refused_each_time() -> None:
    """Until it is fit."""
    notes, one = Notes(refuses=2), SimpleNamespace(cls=type("Trip", (), {}))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="unfit"):
            around(notes).prepare_workflow(one)
    around(notes).prepare_workflow(one)

    assert len(notes.seen) == 3
