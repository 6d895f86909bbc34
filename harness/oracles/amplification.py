"""How many calls one request becomes is bounded: retries at several levels do not multiply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import CallRecord, Evidence
from harness.files.wording import counted
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class Amplification:
    """No logical request becomes more calls at the service than declared (RTY-003, DEF-005).

    Attempts at several levels multiply: a client that tries 3 times, in an activity with 3 attempts, in a workflow with
    3 attempts, makes 27 calls at a service that is down.

    Attributes:
        of: Which operation.
        at_most: How many calls a request may become, the first one included.
        per: What makes two calls the same request: None for the idempotency key, or a field of the body. Only a field
            counts calls together that wrongly have a new key each time.

    Raises:
        UsageError: `at_most` is not positive.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    at_most: int
    per: str | None = None

    def __post_init__(self) -> None:
        if self.at_most < 1:
            raise UsageError(f"Amplification: at_most must be >= 1, got {self.at_most}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the calls of each request in the journal."""
        requests: defaultdict[str, list[CallRecord]] = defaultdict(list)
        calls = evidence.calls_of(self.of.service, self.of.name)
        for call in calls:
            name = self._request(call)
            if name is None:
                yield cannot_tell(self, f"{call.id} has no {self.per or 'idempotency key'}, so its request is unknown.")
                return
            requests[name].append(call)
        if not calls:
            yield cannot_tell(self, f"{self.of} was never called, so nothing can be judged.")
        for name, several in requests.items():
            if len(several) > self.at_most:
                yield broken(
                    self,
                    f"one request became {len(several)} calls of {self.of}, expected at most {self.at_most}.",
                    detail=[
                        f"request: {self.per or 'key'} {name}",
                        f"in all: {counted(len(requests), 'request')}, {counted(len(calls), 'call')}",
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
