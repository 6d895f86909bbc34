"""What one request becomes on its way is bounded: retries on retries do not multiply into a storm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import CallRecord, Evidence
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class Amplification:
    """No logical request becomes more calls at the service than declared (RTY-003, DEF-005).

    Attempts at several levels multiply: a client that tries 3 times, in an activity that does, in a workflow that
    does, are 27 calls at a service that is down anyway.

    Attributes:
        of: Which operation.
        at_most: How many calls a request may become, the first one included.
        per: What makes two calls the same request: None for the idempotency key, or a field of the body. Calls that
            wrongly carry a new key each time are only counted together by a field.

    Raises:
        UsageError: `at_most` is not positive.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    at_most: int
    per: str | None = None

    def __post_init__(self) -> None:
        if self.at_most < 1:
            raise UsageError(f"amplification allows each request at least its first call, not {self.at_most}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the calls of each request in the journal."""
        requests: defaultdict[str, list[CallRecord]] = defaultdict(list)
        calls = evidence.calls_of(self.of.service, self.of.name)
        for call in calls:
            name = self._request(call)
            if name is None:
                yield cannot_tell(self, f"{call.id} has no {self.per or 'key'} to tell requests apart by.")
                return
            requests[name].append(call)
        if not calls:
            yield cannot_tell(self, f"{self.of} was never called.")
        for name, several in requests.items():
            if len(several) > self.at_most:
                yield broken(
                    self,
                    f"one request became {len(several)} calls of {self.of}, at most {self.at_most} were declared.",
                    detail=[
                        f"request: {self.per or 'key'} {name}",
                        f"all requests: {len(requests)}, {len(calls)} calls",
                    ]
                    + [f"{call.id} at {call.at:%H:%M:%S.%f}: {call.status or call.unanswered}" for call in several],
                    refs=[call.id for call in several],
                )

    def _request(self, call: CallRecord) -> str | None:
        if self.per is None:
            return call.key
        if isinstance(call.body, Mapping) and self.per in call.body:
            return repr(call.body[self.per])
        return None
