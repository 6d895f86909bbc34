"""Every item of a batch that reports success is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.files.wording import counted, listed
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class NoItemLost:
    """The effect of every item exists when the workflow reports success (HB-004, HB-008).

    Attributes:
        of: The operation that processes one item.
        per: The field of its body that names the item.
        items: The items of the batch.

    Raises:
        UsageError: `items` is empty.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    per: str
    items: Sequence[Any]

    def __post_init__(self) -> None:
        if not self.items:
            raise UsageError("NoItemLost: items must not be empty.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for each item among the effects."""
        if not evidence.ended or evidence.reports_failure:
            yield cannot_tell(self, "the workflow did not report success, so items may be missing.")
            return
        calls = evidence.calls_of(self.of.service, self.of.name)
        item_of = {call.id: call.body[self.per] for call in calls if self._names_an_item(call.body)}
        if not item_of:
            yield cannot_tell(
                self, f"no call of {self.of} has a field {self.per!r} that names an item, so nothing can be judged."
            )
            return
        # As text: an item may be of any kind, and 1 is not "1".
        asked = {repr(item) for item in item_of.values()}
        standing = {
            repr(item_of[effect.call])
            for effect in evidence.standing
            if (effect.service, effect.operation) == (self.of.service, self.of.name) and effect.call in item_of
        }
        lost = [item for item in map(repr, self.items) if item not in standing]
        if lost:
            yield broken(
                self,
                f"{len(lost)} of {counted(len(self.items), 'item')} not done, but the workflow reports success: "
                f"{listed(lost)}.",
                detail=[f"{item}: {'called, without effect' if item in asked else 'never called'}" for item in lost],
                refs=[call for call, item in item_of.items() if repr(item) in lost],
            )

    def _names_an_item(self, body: Any) -> bool:
        return isinstance(body, Mapping) and self.per in body
