"""A runner around another leaves everything to it, and does nothing twice that is dear."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.worker import WorkflowRunner

from harness.task_runner import DelegatingRunner


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
