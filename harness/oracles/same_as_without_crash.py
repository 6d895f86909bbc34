"""A run in which a worker died ends as one in which none did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.events import EffectApplied, EffectUndone
from harness.evidence.evidence import Evidence
from harness.evidence.history import Failure, Status
from harness.files.wording import and_more, cut
from harness.oracle import broken, differences
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class SameAsWithoutCrash:
    """The workflow ends as it does when no worker dies, with the same effects.

    Attributes:
        status: The status without a crash.
        result: The result without a crash; the workflow's own id in it is not compared.
        failure: The failures without a crash, outermost first, by kind and type.
        effects: The effects that were applied and undone without a crash, in order.
        workflow_id: The workflow's id in the run without a crash.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    status: Status
    result: Any
    failure: Sequence[str]
    effects: Sequence[str]
    workflow_id: str

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare ending and effects."""
        ending = evidence.outcome
        own = evidence.histories[0].workflow_id if evidence.histories else ""
        wrong = [] if ending.status is self.status else [f"status is {ending.status}, without the crash {self.status}"]
        wrong += differences(_without(self.result, self.workflow_id), _without(ending.result, own), at="result")
        chain = failure_kinds(ending.failure)
        if chain != list(self.failure):
            wrong.append(
                f"failure is {' <- '.join(chain) or 'none'}, without the crash {' <- '.join(self.failure) or 'none'}"
            )
        if wrong:
            title = f"the workflow ends differently when a worker dies: {cut(wrong[0], 200)}{and_more(wrong)}."
            yield broken(self, title, detail=wrong)
        seen = effects_of(evidence)
        if seen != list(self.effects):
            yield broken(
                self,
                f"effects when a worker dies: {cut(', '.join(seen) or 'none')}; without the crash: "
                f"{cut(', '.join(self.effects) or 'none')}.",
                detail=[f"with the crash: {', '.join(seen)}", f"without: {', '.join(self.effects)}"],
            )


def same_as(evidence: Evidence) -> SameAsWithoutCrash:
    """Return the expectation that a run ends as this one did."""
    return SameAsWithoutCrash(
        status=evidence.outcome.status,
        result=evidence.outcome.result,
        failure=failure_kinds(evidence.outcome.failure),
        effects=effects_of(evidence),
        workflow_id=evidence.histories[0].workflow_id if evidence.histories else "",
    )


def effects_of(evidence: Evidence) -> list[str]:
    """The effects that were applied and undone, in order, such as "flights.book"."""
    return [
        f"{event.service}.{event.operation}"
        for event in evidence.events
        if isinstance(event, EffectApplied | EffectUndone)
    ]


def failure_kinds(failure: Failure | None) -> list[str]:
    """A failure and its causes, outermost first, by kind and type."""
    return [one.label for one in failure.chain()] if failure else []


def _without(value: Any, workflow_id: str) -> Any:
    if isinstance(value, str) and workflow_id:
        return value.replace(workflow_id, "<workflow id>")
    if isinstance(value, dict):
        return {key: _without(item, workflow_id) for key, item in value.items()}
    return [_without(item, workflow_id) for item in value] if isinstance(value, list) else value
