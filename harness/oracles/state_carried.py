"""What was sent to a workflow takes effect once, however often it continues as new in between."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import EffectApplied
from harness.evidence.evidence import CallRecord, Evidence
from harness.evidence.history import History, Status, deliveries
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class StateCarried:
    """Nothing that a run had taken is lost or doubled when the workflow continues as new (CON-004, CON-005, CON-019).

    What was taken stands in the histories of all its runs: signals, and updates that were accepted. An update whose
    client was told that it failed is not lost, nor is what the service refused for good.

    Attributes:
        of: The operation that each item ends in.
        per: The field that names the item, in the first argument of what is sent and in the operation's body.
        sent_by: The signals and updates that bring items.
        in_order: Whether items must take effect in the order in which they came.

    Raises:
        UsageError: `sent_by` is one text, or empty.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    per: str
    sent_by: Sequence[str]
    in_order: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.sent_by, str) or not self.sent_by:
            raise UsageError(
                f"state_carried wants names of signals and updates, such as ['post'], not {self.sent_by!r}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare what the runs were sent with what took effect."""
        runs = evidence.runs
        if not evidence.ended:
            yield cannot_tell(self, "the workflow has not ended; what is missing may still come.")
            return
        if not any(one.outcome.status is Status.CONTINUED_AS_NEW for one in runs):
            yield cannot_tell(self, "the workflow never continued as new, so that nothing had to be carried.")
            return
        sent = {item: where for number, run in enumerate(runs, start=1) for item, where in self._sent(run, number)}
        if not sent:
            yield cannot_tell(self, f"no {' or '.join(self.sent_by)} with a field {self.per!r} was ever sent.")
            return
        calls = evidence.calls_of(self.of.service, self.of.name)
        item_of = {call.id: self._item(call.body) for call in calls}
        standing = {item_of.get(effect.call) for effect in evidence.standing}
        settled = standing | {item_of[call.id] for call in calls if _refused_for_good(call)}
        yield from self._lost(sent, settled, asked=set(item_of.values()), runs=len(runs))
        effects = [item_of[effect.call] for effect in evidence.of(EffectApplied) if effect.call in item_of]
        yield from self._doubled(sent, effects)
        came = [item for item in sent if item in effects]
        took = list(dict.fromkeys(item for item in effects if item in sent))
        if self.in_order and came != took:
            place = next(at for at, (one, other) in enumerate(zip(came, took, strict=True)) if one != other)
            yield broken(
                self,
                f"items took effect in another order than that of their coming, from the item number {place + 1} on.",
                detail=[f"came: {', '.join(came[place : place + 5])}", f"took: {', '.join(took[place : place + 5])}"],
            )

    def _sent(self, run: History, number: int) -> Iterator[tuple[str, str]]:
        """Each item that a run has taken, and where."""
        for one in deliveries(run):
            item = self._item(one.arguments[0] if one.arguments else None)
            if one.name in self.sent_by and item and not one.failed:
                yield item, f"sent by {one.name} to run {number}, event {one.event.id}"

    def _lost(
        self, sent: Mapping[str, str], settled: Container[str | None], *, asked: Container[str], runs: int
    ) -> Iterator[Finding]:
        lost = [item for item in sent if item not in settled]
        if lost:
            yield broken(
                self,
                f"{len(lost)} of {len(sent)} items that were sent to the workflow are lost over its {runs} runs.",
                detail=[
                    f"{item}: {sent[item]}; {'asked for' if item in asked else 'never asked for'}" for item in lost
                ],
            )

    def _doubled(self, sent: Mapping[str, str], effects: Sequence[str]) -> Iterator[Finding]:
        doubled = [item for item in sent if effects.count(item) > 1]
        if doubled:
            yield broken(
                self,
                f"{len(doubled)} of {len(sent)} items that were sent to the workflow took effect more than once.",
                detail=[f"{item}: {effects.count(item)} times; {sent[item]}" for item in doubled],
            )

    def _item(self, value: Any) -> str:
        """The item that a value names, as text: an item may be of any kind, and 1 is not "1"; "" for none."""
        return repr(value[self.per]) if isinstance(value, Mapping) and self.per in value else ""


def _refused_for_good(call: CallRecord) -> bool:
    """Whether the service has said that it will never do it; 408 and 429 ask to come again."""
    return call.status is not None and 400 <= call.status < 500 and call.status not in {408, 429}
