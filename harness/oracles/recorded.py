"""The workflow's history has an event, the expected number of times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.files.wording import counted, short
from harness.library_internals.protocol_names import event_type_problem
from harness.oracle import broken, cannot_tell, differences
from harness.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The histories of the scenario's workflow have an event of this type with these attributes.

    Attributes:
        event: Its type in Temporal's spelling, such as "ActivityTaskScheduled".
        having: Attributes as in the JSON form; a mapping is compared on the keys given only.
        count: How many there must be, over all runs of the workflow; None for at least one.

    Raises:
        UsageError: There is no such type.
    """

    event: str
    having: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None

    def __post_init__(self) -> None:
        problem = event_type_problem(self.event)
        if problem:
            raise UsageError(f"Recorded: {problem}")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the histories of the workflow, all its runs together."""
        if not evidence.histories:
            yield cannot_tell(self, "the run has no history, so nothing can be judged.")
            return
        own = evidence.runs
        of_type = [event for history in own for event in history.of_type(self.event)]
        wrong = [list(differences(self.having, event.attributes)) if self.having else [] for event in of_type]
        found = sum(not one for one in wrong)
        if found == self.count or (self.count is None and found):
            return
        expected = "at least 1" if self.count is None else str(self.count)
        yield broken(
            self,
            f"the history has {counted(found, f'{self.event} event')}{self._attributes}, expected {expected}.",
            detail=[
                f"event {event.id}: {'; '.join(why) or 'as expected'}"
                for event, why in zip(of_type, wrong, strict=True)
            ]
            or [f"there is no {self.event} at all"],
        )

    @property
    def _attributes(self) -> str:
        return f" with {short(dict(self.having))}" if self.having else ""
