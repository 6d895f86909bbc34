"""Each source is asked as often as it should be, after the better ones, and the answer says which it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import CallRecord, Evidence
from harness.evidence.history import Status
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class FellBackInOrder:
    """Sources are asked in their order, no more than they should be, and nothing second-rate passes as the best.

    Judged by the journals, and for what the answer says of itself, by the workflow's result: a mapping or a list of
    them, each with the request under `per`, its source's name under "source", and whether it came from another than
    the first under "degraded" (FBK-001, CBF-001).

    Attributes:
        sources: In the order of preference; their names in the result are those in `names`.
        names: What the result calls them.
        per: The field that names the request, in the calls' bodies and in the result.
        calls: By request, how often each source is called for it, attempts counted.

    Raises:
        UsageError: A number is missing.
    """

    harm: ClassVar[Harm] = Harm.ORDER

    sources: Sequence[Operation]
    names: Sequence[str]
    per: str
    calls: Mapping[str, Sequence[int]]

    def __post_init__(self) -> None:
        if len({len(self.sources), len(self.names), *map(len, self.calls.values())}) > 1:
            raise UsageError(f"fell_back_in_order needs a name and a number for each of {len(self.sources)} sources.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at each request by itself."""
        made = [call for call in evidence.calls if self._rank(call) is not None]
        if not made or not all(isinstance(call.body, Mapping) and self.per in call.body for call in made):
            yield cannot_tell(self, f"not every call of {self._told} names a request in its field {self.per!r}.")
            return
        for request in dict.fromkeys([*self.calls, *(str(call.body[self.per]) for call in made)]):
            ranks = [self._rank(call) for call in made if str(call.body[self.per]) == request]
            refs = [call.id for call in made if str(call.body[self.per]) == request]
            yield from self._judge_calls(request, [rank for rank in ranks if rank is not None], refs)
        if evidence.outcome.status is Status.COMPLETED:
            yield from self._judge_answers(evidence.outcome.result, made)

    @property
    def _told(self) -> str:
        return ", ".join(map(str, self.sources))

    def _rank(self, call: CallRecord) -> int | None:
        names = [(one.service, one.name) for one in self.sources]
        asked = call.service, call.operation
        return names.index(asked) if asked in names else None

    def _judge_calls(self, request: str, ranks: list[int], refs: list[str]) -> Iterator[Finding]:
        expected = list(self.calls.get(request, [0] * len(self.sources)))
        seen = [ranks.count(rank) for rank in range(len(self.sources))]
        if seen != expected:
            yield broken(
                self,
                f"for {request!r} the sources were called {_listed(seen)} times, expected {_listed(expected)}.",
                detail=[f"the sources: {self._told}"],
                refs=refs,
            )
        if any(later < earlier for earlier, later in pairwise(ranks)):
            order = ", ".join(str(self.sources[rank]) for rank in ranks)
            yield broken(self, f"for {request!r} the sources were not called in order.", detail=[order], refs=refs)

    def _judge_answers(self, result: Any, made: list[CallRecord]) -> Iterator[Finding]:
        answers = [one for one in (result if isinstance(result, list) else [result]) if isinstance(one, Mapping)]
        by_request = {str(one.get(self.per)): one for one in answers}
        for request in self.calls:
            ranks = [self._rank(call) or 0 for call in made if str(call.body[self.per]) == request]
            if not ranks:
                continue
            last = max(ranks)
            true = {"source": self.names[last], "degraded": last > 0}
            said = {key: by_request.get(request, {}).get(key) for key in true}
            if said != true:
                yield broken(
                    self,
                    f"the answer to {request!r} does not say where it came from.",
                    detail=[f"it says {said}", f"the last source asked: {true}"],
                )


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
