"""Every item is delivered, dead-lettered or still pending, and only one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import Kept
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.files.wording import counted, listed, short
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.services.service import Service
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class AccountedFor:
    """No item is lost, and none is there twice (DLQ-006, DLQ-007).

    An item is delivered when its effect exists at the service, and dead-lettered when a message about it is in the
    queue. It is pending when it is neither, has calls left, and the workflow did not complete: a restart of that
    workflow processes it. An item without calls left, or one that a completed workflow did not process, is lost.

    Attributes:
        items: The items of the batch.
        of: The operation that processes one item.
        dead_letters: The queue, whose messages are in the evidence as `Kept`.
        per: The field that names the item, of the operation's body and of the message's.
        tries: After how many calls an item is given up.

    Raises:
        UsageError: `items` is empty, or `tries` is not positive.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    items: Sequence[Any]
    of: Operation
    dead_letters: type[Service]
    per: str = "item"
    tries: int = 3

    def __post_init__(self) -> None:
        if not self.items or self.tries < 1:
            raise UsageError(
                f"AccountedFor: items must not be empty and tries must be >= 1, "
                f"got {short(self.items)} and {self.tries}."
            )

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
            yield cannot_tell(
                self,
                f"no call of {self.of} and no message has a field {self.per!r} with an item, so nothing can be judged.",
            )
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
                f"{len(lost)} of {counted(len(known), 'item')} neither delivered nor dead-lettered: {listed(lost)}.",
                detail=[f"{item}: {counted(tried[item], 'call')}, neither delivered nor in the queue" for item in lost],
                refs=[call for call, item in item_of.items() if item in lost],
            )
        several = [item for item in known if delivered[item] + dead[item] > 1]
        if several:
            yield broken(
                self,
                f"{len(several)} of {counted(len(known), 'item')} delivered or dead-lettered more than once: "
                f"{listed(several)}.",
                detail=[
                    f"{item}: {counted(delivered[item], 'delivery', 'deliveries')} and "
                    f"{counted(dead[item], 'message')} in the queue"
                    for item in several
                ],
                refs=[call for call, item in item_of.items() if item in several],
            )
        strange = [str(one) for one in letters if not self._names_an_item(one.body)]
        strange += sorted((delivered | dead).keys() - set(known))
        if strange:
            title = f"{counted(len(strange), 'delivery or message', 'deliveries or messages')} of no item of the batch"
            yield broken(self, f"{title}: {listed(strange)}.", detail=strange)

    def _names_an_item(self, body: Any) -> bool:
        return isinstance(body, Mapping) and self.per in body
