"""Every child that was asked for has started and ended, and every item is done once or told as not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import History, Status, payloads
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm

BY_ITSELF = (Status.FAILED, Status.CANCELED, Status.TIMED_OUT)
"""How a child may end without its effect and have said so; one that was terminated has said nothing."""

ENDED_FROM_OUTSIDE = (Status.CANCELED, Status.TERMINATED, Status.TIMED_OUT)
"""How a workflow may end that has not begun everything, through no fault of its own."""


@dataclass(frozen=True, kw_only=True)
class ChildrenAccountedFor:
    """No child is lost or left open, and no item is lost, doubled, or told wrongly (CHW-007, CHW-008, CHW-009).

    The items of a workflow that completed are in its result, each once: as done, and then its effect stands once, or
    as not done, and then none stands. One that ended in another way tells nothing. Then the item's own child does: it
    completed, and the effect stands, or it failed, was cancelled or timed out, and none does. An item without child is
    accounted for only if the workflow was cancelled, terminated or timed out itself.

    Attributes:
        of: The operation that each item ends in.
        items: The items.
        per: The field that names the item, in the operation's body, in the child's first argument and in the result.
        done: The field of the result that lists the items done.
        not_done: The field of the result that lists those that are not.
        awaited: Whether the workflow waits for its children; one that does not lists in `done` what it has started,
            and a child may then fail without being told of.

    Raises:
        UsageError: There are no items, or one of them twice.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    items: Sequence[Any]
    per: str = "item"
    done: str = "results"
    not_done: str = "failures"
    awaited: bool = True

    def __post_init__(self) -> None:
        if not self.items or len(set(map(repr, self.items))) < len(self.items):
            raise UsageError(f"children_accounted_for wants items, each of them once, not {self.items!r}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Follow each child from its being asked for to its end, and each item to its effect and its telling."""
        if not evidence.ended:
            yield cannot_tell(self, "the workflow has not ended; what is missing may still come.")
            return
        own = evidence.runs
        ends = {one.workflow_id: one for one in evidence.histories}
        asked = [child for run in own for child in self._asked(run)]
        if not asked:
            yield cannot_tell(self, "no child was ever asked for.")
            return
        lost = [f"{child}: asked for by event {event}, never started" for child, event, state in asked if not state]
        if lost:
            yield broken(self, f"{len(lost)} of {len(asked)} children that were asked for never started.", detail=lost)
        open_ = [
            child
            for child, _, state in asked
            if state == "started" and (child not in ends or ends[child].outcome.status is Status.RUNNING)
        ]
        if open_:
            yield broken(self, f"{len(open_)} of {len(asked)} children are left open.", detail=open_)
        yield from self._items(evidence, ends.values())

    def _asked(self, run: History) -> Iterator[tuple[str, int, str]]:
        """Each child that a run asked for: its id, the event, and whether it "started" or was "refused"."""
        state = {
            int(one.attributes["initiatedEventId"]): "started" for one in run.of_type("ChildWorkflowExecutionStarted")
        }
        for one in run.of_type("StartChildWorkflowExecutionFailed"):
            state[int(one.attributes["initiatedEventId"])] = "refused"
        for one in run.of_type("StartChildWorkflowExecutionInitiated"):
            yield str(one.attributes["workflowId"]), one.id, state.get(one.id, "")

    def _items(self, evidence: Evidence, histories: Iterable[History]) -> Iterator[Finding]:
        """Hold what stands against what is told, item by item."""
        named = {call.id: self._item(call.body) for call in evidence.calls_of(self.of.service, self.of.name)}
        standing = Counter(
            named[one.call]
            for one in evidence.standing
            if (one.service, one.operation) == (self.of.service, self.of.name) and one.call in named
        )
        child = {self._item(_given(one)): one.outcome.status for one in histories}
        result = evidence.outcome.result if evidence.outcome.status is Status.COMPLETED else None
        done, not_done = self._listed(result, self.done), self._listed(result, self.not_done)
        wrong = []
        for item in map(repr, self.items):
            way = child.get(item)
            if result is not None:
                told = (done[item], not_done[item])
                right = told in {(1, 0), (0, 1)} and standing[item] == done[item]
                if not self.awaited and told == (1, 0):
                    right = _ended_well(standing[item], way)
            elif way is None:
                right = evidence.outcome.status in ENDED_FROM_OUTSIDE and not standing[item]
            else:
                right = _ended_well(standing[item], way)
            if not right:
                wrong.append(
                    f"{item}: {standing[item]} effects stand; told {done[item]} times as done, "
                    f"{not_done[item]} times as not done; its child: {way or 'none'}"
                )
        if wrong:
            yield broken(self, f"{len(wrong)} of {len(self.items)} items are not accounted for.", detail=wrong)
        strange = sorted((set(done) | set(not_done) | {one for one in standing if one}) - set(map(repr, self.items)))
        if strange:
            yield broken(self, f"{len(strange)} things are done or told of that are no item.", detail=strange)

    def _listed(self, result: Any, name: str) -> Counter[str]:
        """How often each item stands in a list of the result."""
        listed = result.get(name) if isinstance(result, Mapping) else None
        return Counter(map(self._item, listed)) if isinstance(listed, list) else Counter()

    def _item(self, value: Any) -> str:
        """The item that a value names, as text: an item may be of any kind, and 1 is not "1"; "" for none."""
        return repr(value[self.per]) if isinstance(value, Mapping) and self.per in value else ""


def _ended_well(standing: int, way: Status | None) -> bool:
    """Whether what stands of an item is what its own child says of it."""
    return (standing == 1 and way is Status.COMPLETED) or (not standing and way in BY_ITSELF)


def _given(history: History) -> Any:
    """The first argument of a workflow."""
    arguments = payloads(history.events[0].attributes.get("input")) if history.events else ()
    return arguments[0] if arguments else None
