"""Finds the injector that a workflow belongs to, and the name that its calls go by there."""

from __future__ import annotations

from temporalio.worker import WorkflowInstanceDetails

from harness.events import WorkflowStarted
from harness.explore.inject.injected_failure import injected_failure
from harness.explore.inject.injector import Injector


class Injectors:
    """The injectors of the runs that go on with one worker.

    Args:
        only: The one injector there is, to which then everything belongs; None where ids of workflows tell.
    """

    def __init__(self, only: Injector | None = None) -> None:
        self._only = only
        self._injectors: dict[str, Injector] = {} if only is None else {only.token: only}
        self._known: dict[str, tuple[Injector, str]] = {}
        self._over: set[str] = set()

    def add(self, injector: Injector) -> None:
        """Take one more in."""
        self._injectors[injector.token] = injector

    def remove(self, injector: Injector) -> None:
        """Let one go; whatever of it comes later is refused."""
        del self._injectors[injector.token]
        for workflow_id in [one for one, (owner, _) in self._known.items() if owner is injector]:
            del self._known[workflow_id]
            self._over.add(workflow_id)

    def all(self) -> list[Injector]:
        """Return those there are."""
        return list(self._injectors.values())

    def known(self, workflow_id: str) -> tuple[Injector, str] | None:
        """Return the injector of a workflow that has begun, and the name that its calls go by."""
        return self._known.get(workflow_id)

    def of_attempt(self, workflow_id: str) -> tuple[Injector, str] | None:
        """Return the same for an attempt of an activity.

        Raises:
            ApplicationError: Its run is over.
        """
        if workflow_id in self._over:
            # It waited for a slot, or for whatever blocked the loop, for longer than its run went on.
            raise injected_failure("the run of this attempt is over", non_retryable=True)
        return self._known.get(workflow_id)

    def named(self, workflow_id: str) -> Injector | None:
        """Return the injector whose token an id contains."""
        if self._only is not None:
            return self._only
        return next((one for token, one in list(self._injectors.items()) if token in workflow_id), None)

    def belongs(self, details: WorkflowInstanceDetails) -> tuple[Injector, str] | None:
        """Return the injector of a workflow that begins, which from now on is known, and the name its calls go by."""
        info = details.info
        if info.workflow_id in self._known:
            return self._known[info.workflow_id]
        root = info.root.workflow_id if info.root else info.workflow_id
        injector = self._known[root][0] if root in self._known else self.named(root)
        if injector is None:
            return None
        name = info.workflow_type if info.parent else ""
        if info.parent is None:
            injector.root(info.workflow_id)
            if self._only is None:
                # A run of a scenario records it by itself.
                started = WorkflowStarted(workflow=info.workflow_type, workflow_id=info.workflow_id, run_id=info.run_id)
                injector.stream.emit(started)
        self._known[info.workflow_id] = injector, name
        return injector, name
