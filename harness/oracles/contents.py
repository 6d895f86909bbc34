"""A real server holds at the end what it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from harness.events import Kept
from harness.evidence.evidence import Evidence
from harness.oracle import broken, differences
from harness.services.service import Service
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The messages of a queue, or whatever else a real server tells of as `Kept`, in any order.

    Attributes:
        of: The server.
        values: What there must be: the value of the field `per` of each, as often as it must be there.
        per: The field of the body; None for the key.
        having: What the body of each must say besides; a mapping is compared on the keys given only.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: type[Service]
    values: Sequence[Any]
    per: str | None = None
    having: Mapping[str, Any] = field(default_factory=dict)

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the record."""
        kept = [one for one in evidence.of(Kept) if one.service == self.of.name()]
        # As text: a value may be of any kind, and 1 is not "1".
        expected = Counter(map(repr, self.values))
        found = Counter(repr(self._value(one)) for one in kept)
        if found != expected:
            yield broken(
                self,
                f"{self.of.name()} does not hold what it should.",
                detail=[
                    *(f"{count} x {value} too few" for value, count in (expected - found).items()),
                    *(f"{count} x {value} too many" for value, count in (found - expected).items()),
                ],
            )
        wrong = [f"{one.key}: {text}" for one in kept if self.having for text in differences(self.having, one.body)]
        if wrong:
            yield broken(self, f"what {self.of.name()} holds does not say what it should.", detail=wrong)

    def _value(self, one: Kept) -> Any:
        if self.per is None:
            return one.key
        return one.body.get(self.per) if isinstance(one.body, Mapping) else None
