"""The workflow ends as it should: its status, its result, its failure and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.oracle import broken, differences
from harness.verdict import Finding

ANYTHING: Any = object()
"""Stands for a result that is not looked at."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How the workflow must end.

    Attributes:
        status: As Temporal reports it.
        result: The result; a mapping is compared on the keys given only. `ANYTHING` does not look.
        failure: The failure and those behind it, outermost first, each as its kind with, after a blank, the
            application failure's type or the timeout's type: ("activity", "application FlightDeclined"). What
            comes behind the last one given is not looked at. None does not look.

    Raises:
        UsageError: `failure` is one text, or empty.
    """

    status: Status = Status.COMPLETED
    result: Any = ANYTHING
    failure: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.failure, str) or (self.failure is not None and not self.failure):
            raise UsageError(
                f"outcome wants a failure such as ('activity', 'application Declined'), not {self.failure!r}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the close event."""
        ending = evidence.outcome
        if ending.status is not self.status:
            yield broken(
                self,
                f"the workflow ended as {ending.status}, expected {self.status}.",
                detail=[f"failure: {ending.failure}"] if ending.failure else [f"result: {ending.result!r}"],
            )
            return
        if self.result is not ANYTHING:
            wrong = list(differences(self.result, ending.result))
            if wrong:
                title = "the workflow's result is not as expected."
                yield broken(self, title, detail=[*wrong, f"the whole result: {ending.result!r}"])
        if self.failure is not None:
            chain = [one.label for one in ending.failure.chain()] if ending.failure else []
            if chain[: len(self.failure)] != list(self.failure):
                yield broken(
                    self,
                    "the workflow's failure is not as expected.",
                    detail=[f"expected: {' <- '.join(self.failure)}", f"seen: {' <- '.join(chain) or 'none'}"],
                )
