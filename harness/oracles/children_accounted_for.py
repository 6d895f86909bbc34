"""Every child workflow that was requested started and ended, and every item is done once or reported as not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import History, Status, payloads
from harness.files.wording import counted, listed, short, times
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm

BY_ITSELF = (Status.FAILED, Status.CANCELED, Status.TIMED_OUT)
"""How a child may end without its effect and report that; one that was terminated has reported nothing."""

ENDED_FROM_OUTSIDE = (Status.CANCELED, Status.TERMINATED, Status.TIMED_OUT)
"""How a workflow may end that has not begun everything, because of a request from outside."""


@dataclass(frozen=True, kw_only=True)
class ChildrenAccountedFor:
    """No child is lost or left open, and no item is lost, done twice, or reported wrongly (CHW-007, CHW-008, CHW-009).

    The items of a workflow that completed are in its result, each once: as done, and then its effect exists once, or as
    not done, and then no effect exists. A workflow that ended in another way reports nothing. Then the item's own child
    counts: it completed, and the effect exists, or it failed, was cancelled or timed out, and no effect exists. An item
    without child is accounted for only if the workflow was cancelled, terminated or timed out itself.

    Attributes:
        of: The operation that each item ends in.
        items: The items.
        per: The field that names the item, in the operation's body, in the child's first argument and in the result.
        done: The field of the result that lists the items done.
        not_done: The field of the result that lists those that are not.
        awaited: Whether the workflow waits for its children; one that does not wait lists in `done` what it has
            started, and a child may then fail without being reported.

    Raises:
        UsageError: `items` is empty, or names an item twice.
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
            raise UsageError(f"ChildrenAccountedFor: items must name each item once, got {short(self.items)}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Follow each child from its request to its end, and each item to its effect and its report."""
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; what is missing may still come.")
            return
        own = evidence.runs
        ends = {one.workflow_id: one for one in evidence.histories}
        asked = [child for run in own for child in self._asked(run)]
        if not asked:
            yield cannot_tell(self, "the workflow requested no child, so nothing can be judged.")
            return
        lost = {child: event for child, event, state in asked if not state}
        if lost:
            yield broken(
                self,
                f"{len(lost)} of {counted(len(asked), 'requested child', 'requested children')} never started: "
                f"{listed(lost)}.",
                detail=[f"{child}: requested by event {event}, never started" for child, event in lost.items()],
            )
        open_ = [
            child
            for child, _, state in asked
            if state == "started" and (child not in ends or ends[child].outcome.status is Status.RUNNING)
        ]
        if open_:
            title = f"{len(open_)} of {counted(len(asked), 'child', 'children')} still running at the end"
            yield broken(self, f"{title}: {listed(open_)}.", detail=open_)
        yield from self._items(evidence, ends.values())

    def _asked(self, run: History) -> Iterator[tuple[str, int, str]]:
        """Each child that a run requested: its id, the event, and whether it "started" or was "refused"."""
        state = {
            int(one.attributes["initiatedEventId"]): "started" for one in run.of_type("ChildWorkflowExecutionStarted")
        }
        for one in run.of_type("StartChildWorkflowExecutionFailed"):
            state[int(one.attributes["initiatedEventId"])] = "refused"
        for one in run.of_type("StartChildWorkflowExecutionInitiated"):
            yield str(one.attributes["workflowId"]), one.id, state.get(one.id, "")

    def _items(self, evidence: Evidence, histories: Iterable[History]) -> Iterator[Finding]:
        """Compare the effects with the reports, item by item."""
        named = {call.id: self._item(call.body) for call in evidence.calls_of(self.of.service, self.of.name)}
        standing = Counter(
            named[one.call]
            for one in evidence.standing
            if (one.service, one.operation) == (self.of.service, self.of.name) and one.call in named
        )
        child = {self._item(_given(one)): one.outcome.status for one in histories}
        result = evidence.outcome.result if evidence.outcome.status is Status.COMPLETED else None
        if named and not any(named.values()):
            yield cannot_tell(self, f"no call of {self.of} has a field {self.per!r}, so nothing can be judged.")
            return
        if result is not None and not (isinstance(result, Mapping) and {self.done, self.not_done} & result.keys()):
            yield cannot_tell(
                self, f"the result has neither {self.done!r} nor {self.not_done!r}, so nothing can be judged."
            )
            return
        done, not_done = self._listed(result, self.done), self._listed(result, self.not_done)
        wrong: dict[str, str] = {}
        for item in map(repr, self.items):
            way = child.get(item)
            if result is not None:
                reported = (done[item], not_done[item])
                right = reported in {(1, 0), (0, 1)} and standing[item] == done[item]
                if not self.awaited and reported == (1, 0):
                    right = _ended_well(standing[item], way)
            elif way is None:
                right = evidence.outcome.status in ENDED_FROM_OUTSIDE and not standing[item]
            else:
                right = _ended_well(standing[item], way)
            if not right:
                wrong[item] = (
                    f"{item}: {counted(standing[item], 'effect')}; reported {times(done[item])} as done and "
                    f"{times(not_done[item])} as not done; its child: {way or 'none'}"
                )
        if wrong:
            title = f"{len(wrong)} of {counted(len(self.items), 'item')} not accounted for: {listed(wrong)}."
            yield broken(self, title, detail=wrong.values())
        strange = sorted((set(done) | set(not_done) | {one for one in standing if one}) - set(map(repr, self.items)))
        if strange:
            title = f"{counted(len(strange), 'unknown item')} done or reported: {listed(strange)}."
            yield broken(self, title, detail=strange)

    def _listed(self, result: Any, name: str) -> Counter[str]:
        """How often each item stands in a list of the result."""
        listed = result.get(name) if isinstance(result, Mapping) else None
        return Counter(map(self._item, listed)) if isinstance(listed, list) else Counter()

    def _item(self, value: Any) -> str:
        """The item that a value names, as text: an item may be of any kind, and 1 is not "1"; "" for none."""
        return repr(value[self.per]) if isinstance(value, Mapping) and self.per in value else ""


def _ended_well(standing: int, way: Status | None) -> bool:
    """Whether an item's effects agree with how its own child ended."""
    return (standing == 1 and way is Status.COMPLETED) or (not standing and way in BY_ITSELF)


def _given(history: History) -> Any:
    """The first argument of a workflow."""
    arguments = payloads(history.events[0].attributes.get("input")) if history.events else ()
    return arguments[0] if arguments else None
