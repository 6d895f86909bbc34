"""What a batch says of its items: each is named once, in their order, with what the service said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness import Evidence, Finding, broken


@dataclass(frozen=True, kw_only=True)
class Told:
    """A batch's result, or the details of its failure, name these items and no others.

    Attributes:
        done: The items that are processed, in the order of the batch.
        failed: Those that are not, with the error of each.
    """

    done: Sequence[int]
    failed: Sequence[Mapping[str, Any]] = ()

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with how the workflow ended."""
        ending, batch = evidence.outcome, evidence.runs[0].workflow_id
        if ending.failure is None:
            told, names = ending.result, ("successful", "failed")
        else:
            told, names = next(iter(ending.failure.details), None), ("successful_items", "failed_items")
        items = [{"item": item, "result": f"{batch}/{item}"} for item in self.done]
        for name, expected in zip(names, (items, list(self.failed)), strict=True):
            found = told.get(name) if isinstance(told, Mapping) else None
            if found != expected:
                yield broken(self, f"{name} is {found!r}, expected {expected!r}.")
