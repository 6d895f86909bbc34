"""A request takes effect once, however often it is repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from harness.events import EffectApplied
from harness.evidence.evidence import Evidence
from harness.files.wording import times
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class AtMostOnce:
    """An operation takes effect at most once for each logical request (SAGA-007, CMP-007).

    Attributes:
        of: Which operation.
        per: What makes two calls the same request: None for the idempotency key, or a field of the body. Only a
            field finds calls that wrongly have a new key each time.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    per: str | None = None

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the effects of each request."""
        body_of = {call.id: call.body for call in evidence.calls}
        effects: defaultdict[str, list[EffectApplied]] = defaultdict(list)
        for event in evidence.of(EffectApplied):
            if (event.service, event.operation) != (self.of.service, self.of.name):
                continue
            body = body_of.get(event.call)
            if self.per is None:
                effects[repr(event.key)].append(event)
            elif isinstance(body, Mapping) and self.per in body:
                effects[repr(body[self.per])].append(event)
            else:
                yield cannot_tell(
                    self, f"the body of {event.call} has no field {self.per!r}, so its request is unknown."
                )
                return
        if not effects:
            yield cannot_tell(self, f"{self.of} never took effect, so nothing can be judged.")
        for request, several in effects.items():
            if len(several) > 1:
                yield broken(
                    self,
                    f"{self.of} took effect {times(len(several))} for one request, expected once.",
                    detail=[f"request: {self.per or 'key'} {request}"]
                    + [f"{event.call} at {event.at:%H:%M:%S.%f}, key {event.key}" for event in several],
                    refs=[event.call for event in several],
                )
