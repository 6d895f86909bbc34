"""A real server holds the expected messages at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from harness.events import Kept
from harness.evidence.evidence import Evidence
from harness.files.wording import and_more, cut, listed
from harness.oracle import broken, cannot_tell, differences
from harness.services.service import Service
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The messages of a queue, or what else a real server records as `Kept`, in any order.

    Attributes:
        of: The server.
        values: The expected values of the field `per`, each as often as it must be there.
        per: The field of the body; None for the key.
        having: What the body of each must contain in addition; a mapping is compared on the keys given only.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: type[Service]
    values: Sequence[Any]
    per: str | None = None
    having: Mapping[str, Any] = field(default_factory=dict)

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the record."""
        kept = [one for one in evidence.of(Kept) if one.service == self.of.name()]
        if (
            self.per is not None
            and kept
            and not any(isinstance(one.body, Mapping) and self.per in one.body for one in kept)
        ):
            yield cannot_tell(
                self, f"no message at {self.of.name()} has a field {self.per!r}, so nothing can be judged."
            )
            return
        # As text: a value may be of any kind, and 1 is not "1".
        expected = Counter(map(repr, self.values))
        found = Counter(repr(self._value(one)) for one in kept)
        if found != expected:
            missing = [f"{count} x {value}" for value, count in (expected - found).items()]
            extra = [f"{count} x {value}" for value, count in (found - expected).items()]
            parts = [f"missing {listed(missing)}" if missing else "", f"unexpected {listed(extra)}" if extra else ""]
            yield broken(
                self,
                f"{self.of.name()} at the end: {'; '.join(filter(None, parts))}.",
                detail=[*(f"missing: {one}" for one in missing), *(f"unexpected: {one}" for one in extra)],
            )
        wrong = [f"{one.key}: {text}" for one in kept if self.having for text in differences(self.having, one.body)]
        if wrong:
            title = f"{self.of.name()} at the end: {cut(wrong[0], 200)}{and_more(wrong)}."
            yield broken(self, title, detail=wrong)

    def _value(self, one: Kept) -> Any:
        if self.per is None:
            return one.key
        return one.body.get(self.per) if isinstance(one.body, Mapping) else None
