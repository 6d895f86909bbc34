"""Every item is delivered, dead-lettered or still pending, and one of them only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import Kept
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.services.service import Service
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class AccountedFor:
    """No item is lost, and none is there twice (DLQ-006, DLQ-007).

    An item is delivered when its effect stands at the service, and dead-lettered when a message about it is in the
    queue. It is pending when it is neither, has not been tried to the end, and the workflow did not complete: whoever
    starts that again knows of it. One that was given up, or left behind by a workflow that completed, is lost.

    Attributes:
        items: The items of the batch.
        of: The operation that processes one item.
        dead_letters: The queue, whose messages are in the evidence as `Kept`.
        per: The field that names the item, of the operation's body and of the message's.
        tries: After how many calls an item is given up.

    Raises:
        UsageError: There is nothing to account for.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    items: Sequence[Any]
    of: Operation
    dead_letters: type[Service]
    per: str = "item"
    tries: int = 3

    def __post_init__(self) -> None:
        if not self.items or self.tries < 1:
            raise UsageError(f"accounted_for wants items and tries, not {self.items!r} and {self.tries}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for each item in the service's ledger, in the queue and among the calls."""
        # As text: an item may be of any kind, and 1 is not "1".
        item_of = {
            call.id: repr(call.body[self.per])
            for call in evidence.calls_of(self.of.service, self.of.name)
            if self._names_an_item(call.body)
        }
        queue = self.dead_letters.name()
        letters = [one for one in evidence.of(Kept) if one.service == queue]
        dead = Counter(repr(one.body[self.per]) for one in letters if self._names_an_item(one.body))
        if not item_of and not dead:
            yield cannot_tell(self, f"no call of {self.of} and no message names an item in {self.per!r}.")
            return
        delivered = Counter(
            item_of[effect.call]
            for effect in evidence.standing
            if (effect.service, effect.operation) == (self.of.service, self.of.name) and effect.call in item_of
        )
        tried = Counter(item_of.values())
        known = [repr(item) for item in self.items]
        completed = evidence.outcome.status is Status.COMPLETED
        lost = [
            item
            for item in known
            if not delivered[item] and not dead[item] and (completed or tried[item] >= self.tries)
        ]
        if lost:
            yield broken(
                self,
                f"{len(lost)} of {len(known)} items are lost.",
                detail=[f"{item}: tried {tried[item]} times, neither delivered nor in the queue" for item in lost],
                refs=[call for call, item in item_of.items() if item in lost],
            )
        several = [item for item in known if delivered[item] + dead[item] > 1]
        if several:
            yield broken(
                self,
                f"{len(several)} of {len(known)} items are there more than once.",
                detail=[f"{item}: delivered {delivered[item]} times, {dead[item]} messages" for item in several],
                refs=[call for call, item in item_of.items() if item in several],
            )
        strange = [str(one) for one in letters if not self._names_an_item(one.body)]
        strange += sorted((delivered | dead).keys() - set(known))
        if strange:
            yield broken(self, f"{len(strange)} things are there that are no item of the batch.", detail=strange)

    def _names_an_item(self, body: Any) -> bool:
        return isinstance(body, Mapping) and self.per in body
