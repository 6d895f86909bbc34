"""The workflow ends as expected: its status, its result, its failure and the causes of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.files.wording import and_more, cut
from harness.oracle import broken, differences
from harness.verdict import Finding

ANYTHING: Any = object()
"""A result that is not compared."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How the workflow must end.

    Attributes:
        status: As Temporal reports it.
        result: The result; a mapping is compared on the keys given only. `ANYTHING` is not compared.
        failure: The failure and its causes, outermost first, each as its kind and, after a blank, the application
            failure's type or the timeout's type: ("activity", "application FlightDeclined"). Further causes are not
            compared. None is not compared.

    Raises:
        UsageError: `failure` is a string, or empty.
    """

    status: Status = Status.COMPLETED
    result: Any = ANYTHING
    failure: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.failure, str) or (self.failure is not None and not self.failure):
            raise UsageError(
                f"Outcome: failure must be a tuple such as ('activity', 'application Declined'), got {self.failure!r}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the close event."""
        ending = evidence.outcome
        if ending.status is not self.status:
            because = f" ({cut(str(ending.failure), 150)})" if ending.failure else ""
            yield broken(
                self,
                f"the workflow ended as {ending.status}, expected {self.status}{because}.",
                detail=[f"failure: {ending.failure}"] if ending.failure else [f"result: {ending.result!r}"],
            )
            return
        if self.result is not ANYTHING:
            wrong = list(differences(self.result, ending.result))
            if wrong:
                whole = wrong[0].startswith("it is ")
                first = f"result {wrong[0].removeprefix('it ')}" if whole else f"result: {wrong[0]}"
                title = f"{cut(first, 250)}{and_more(wrong)}."
                yield broken(self, title, detail=[*wrong, f"the whole result: {ending.result!r}"])
        if self.failure is not None:
            chain = [one.label for one in ending.failure.chain()] if ending.failure else []
            if chain[: len(self.failure)] != list(self.failure):
                yield broken(
                    self,
                    f"failure: {cut(' <- '.join(chain) or 'none')}, expected {cut(' <- '.join(self.failure))}.",
                    detail=[f"expected: {' <- '.join(self.failure)}", f"seen: {' <- '.join(chain) or 'none'}"],
                )
