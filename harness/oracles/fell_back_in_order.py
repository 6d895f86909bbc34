"""Each source is called the expected number of times, in order of preference, and the answer names its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import CallRecord, Evidence
from harness.evidence.history import Status
from harness.files.wording import cut, listed, short
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class FellBackInOrder:
    """Sources are called in their order, as often as expected, and no fallback is presented as the preferred source.

    Judged by the journals, and for the answers by the workflow's result: a mapping or a list of mappings, each with the
    request under `per`, its source's name under "source", and under "degraded" whether that is not the first source
    (FBK-001, CBF-001).

    Attributes:
        sources: In the order of preference; their names in the result are those in `names`.
        names: What the result calls them.
        per: The field that names the request, in the calls' bodies and in the result.
        calls: By request, how often each source is called for it, each attempt counted.

    Raises:
        UsageError: A source has no name or no number.
    """

    harm: ClassVar[Harm] = Harm.ORDER

    sources: Sequence[Operation]
    names: Sequence[str]
    per: str
    calls: Mapping[str, Sequence[int]]

    def __post_init__(self) -> None:
        if len({len(self.sources), len(self.names), *map(len, self.calls.values())}) > 1:
            raise UsageError(
                "FellBackInOrder: each source needs a name in `names`, and a number in each list of `calls`."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at each request by itself."""
        made = [call for call in evidence.calls if self._rank(call) is not None]
        if not made or not all(isinstance(call.body, Mapping) and self.per in call.body for call in made):
            yield cannot_tell(self, f"a call of {self._names} has no field {self.per!r} that names its request.")
            return
        for request in dict.fromkeys([*self.calls, *(str(call.body[self.per]) for call in made)]):
            ranks = [self._rank(call) for call in made if str(call.body[self.per]) == request]
            refs = [call.id for call in made if str(call.body[self.per]) == request]
            yield from self._judge_calls(request, [rank for rank in ranks if rank is not None], refs)
        if evidence.outcome.status is Status.COMPLETED:
            yield from self._judge_answers(evidence.outcome.result, made)

    @property
    def _names(self) -> str:
        return ", ".join(map(str, self.sources))

    def _counts(self, seen: Sequence[int], expected: Sequence[int]) -> str:
        """Each source whose calls are not as many as expected."""
        triples = zip(self.sources, seen, expected, strict=True)
        return listed(f"{source} {one}, expected {other}" for source, one, other in triples if one != other)

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
                f"calls for {short(request)}: {self._counts(seen, expected)}.",
                detail=[f"the sources: {self._names}", f"calls: {_numbers(seen)}, expected {_numbers(expected)}"],
                refs=refs,
            )
        if any(later < earlier for earlier, later in pairwise(ranks)):
            order = ", ".join(str(self.sources[rank]) for rank in ranks)
            title = (
                f"sources for {short(request)} were called as {cut(order)}, expected in the order {cut(self._names)}."
            )
            yield broken(self, title, detail=[order], refs=refs)

    def _judge_answers(self, result: Any, made: list[CallRecord]) -> Iterator[Finding]:
        answers = [one for one in (result if isinstance(result, list) else [result]) if isinstance(one, Mapping)]
        by_request = {str(one.get(self.per)): one for one in answers}
        for request in self.calls:
            ranks = [self._rank(call) or 0 for call in made if str(call.body[self.per]) == request]
            if not ranks:
                continue
            last = max(ranks)
            true = {"source": self.names[last], "degraded": last > 0}
            stated = {key: by_request.get(request, {}).get(key) for key in true}
            if stated != true:
                yield broken(
                    self,
                    f"the answer to {short(request)} states {short(stated)}, expected {short(true)}.",
                    detail=[f"stated: {stated}", f"the last source called: {true}"],
                )


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
