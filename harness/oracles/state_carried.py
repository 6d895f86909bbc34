"""What was sent to a workflow takes effect once, however often it continues as new in between."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import EffectApplied
from harness.evidence.evidence import CallRecord, Evidence
from harness.evidence.history import History, Status, deliveries
from harness.files.wording import counted, listed, times
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class StateCarried:
    """No item is lost or done twice when the workflow continues as new (CON-004, CON-005, CON-019).

    The items are in the histories of all its runs: signals, and updates that were accepted. An update that failed for
    its client is not lost, nor is an item that the service refused permanently.

    Attributes:
        of: The operation that each item ends in.
        per: The field that names the item, in the first argument of what is sent and in the operation's body.
        sent_by: The signals and updates that carry items.
        in_order: Whether items must take effect in the order in which they arrived.

    Raises:
        UsageError: `sent_by` is a string, or empty.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    per: str
    sent_by: Sequence[str]
    in_order: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.sent_by, str) or not self.sent_by:
            raise UsageError(
                f"StateCarried: sent_by must be a list of signals and updates such as ['post'], got {self.sent_by!r}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare what the runs were sent with what took effect."""
        runs = evidence.runs
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; what is missing may still come.")
            return
        if not any(one.outcome.status is Status.CONTINUED_AS_NEW for one in runs):
            yield cannot_tell(self, "the workflow never continued as new, so nothing had to be carried over.")
            return
        sent = {item: where for number, run in enumerate(runs, start=1) for item, where in self._sent(run, number)}
        if not sent:
            yield cannot_tell(
                self, f"no {' or '.join(self.sent_by)} with a field {self.per!r} was sent, so nothing can be judged."
            )
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
                f"items took effect in the order {listed(took[place:])}, expected {listed(came[place:])}, from item "
                f"{place + 1} on.",
                detail=[
                    f"arrived: {', '.join(came[place : place + 5])}",
                    f"took effect: {', '.join(took[place : place + 5])}",
                ],
            )

    def _sent(self, run: History, number: int) -> Iterator[tuple[str, str]]:
        """Each item that a run received, and where."""
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
                f"{len(lost)} of {counted(len(sent), 'sent item')} lost over {counted(runs, 'run')}: {listed(lost)}.",
                detail=[
                    f"{item}: {sent[item]}; {'called, without effect' if item in asked else 'never called'}"
                    for item in lost
                ],
            )

    def _doubled(self, sent: Mapping[str, str], effects: Sequence[str]) -> Iterator[Finding]:
        doubled = [item for item in sent if effects.count(item) > 1]
        if doubled:
            yield broken(
                self,
                f"{len(doubled)} of {counted(len(sent), 'sent item')} took effect more than once: {listed(doubled)}.",
                detail=[f"{item}: {times(effects.count(item))}; {sent[item]}" for item in doubled],
            )

    def _item(self, value: Any) -> str:
        """The item that a value names, as text: an item may be of any kind, and 1 is not "1"; "" for none."""
        return repr(value[self.per]) if isinstance(value, Mapping) and self.per in value else ""


def _refused_for_good(call: CallRecord) -> bool:
    """Whether the service refused it permanently; 408 and 429 ask for a retry."""
    return call.status is not None and 400 <= call.status < 500 and call.status not in {408, 429}
