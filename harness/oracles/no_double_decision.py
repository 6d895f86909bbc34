"""Each level decides once, and what was decided stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import EffectApplied
from harness.evidence.evidence import Evidence
from harness.evidence.history import Delivery, deliveries
from harness.oracle import broken, cannot_tell, differences
from harness.services.operation import Operation
from harness.verdict import Finding, Harm

Decisions = dict[str, tuple[Mapping[str, Any], str]]


@dataclass(frozen=True, kw_only=True)
class NoDoubleDecision:
    """The first decision of the level whose turn it is counts, and no later one (APR-003, APR-006, APC-003).

    It is a level's turn once all before it have approved. What counts is told by the order in which decisions stand in
    the workflow's histories, except for updates whose sender was told that they failed. It must be what the workflow
    answers in the end, and what is done must be what was decided.

    Attributes:
        of: What is done when all levels have approved, and only then.
        levels: Who decides, in order.
        sent_by: The signals and updates that bring decisions. Their first argument names its level in the field
            `level`, and says in `approved` whether it approves.
        told_in: The field of the workflow's result that holds the decisions that stand, by level.

    Raises:
        UsageError: `levels` or `sent_by` is one text, or empty.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    levels: Sequence[str]
    sent_by: Sequence[str]
    told_in: str = "decisions"

    def __post_init__(self) -> None:
        wrong = [repr(one) for one in (self.levels, self.sent_by) if isinstance(one, str) or not one]
        if wrong:
            raise UsageError(f"no_double_decision wants names, such as ['manager'], not {' and '.join(wrong)}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare what was sent with what was answered and done."""
        if not evidence.ended:
            yield cannot_tell(self, "the workflow has not ended; a decision may still change.")
            return
        runs = evidence.runs
        sent = [one for run in runs for one in deliveries(run) if one.name in self.sent_by]
        if not sent:
            yield cannot_tell(self, f"no {' or '.join(self.sent_by)} was ever sent.")
            return
        counts: Decisions = {}
        for one in sent:
            yield from self._count(one, counts)
        yield from self._changed(counts, evidence.outcome.result)
        yield from self._done(counts, evidence)

    def _count(self, one: Delivery, counts: Decisions) -> Iterator[Finding]:
        """Take a decision if it counts; somebody who was told that another one does was told of a second."""
        decision = one.arguments[0] if one.arguments else None
        if one.failed or not isinstance(decision, Mapping):
            return
        level, where = str(decision.get("level")), f"{one.name}, event {one.event.id}: {dict(decision)!r}"
        if level == self._turn(counts):
            counts[level] = decision, where
        elif one.answered:
            yield broken(
                self,
                f"a decision of the {level} was accepted which does not count.",
                detail=[f"accepted: {where}", f"counts: {counts[level][1] if level in counts else 'none yet'}"],
            )

    def _turn(self, counts: Decisions) -> str | None:
        if any(not decision.get("approved") for decision, _ in counts.values()):
            return None
        return next((level for level in self.levels if level not in counts), None)

    def _changed(self, counts: Decisions, result: Any) -> Iterator[Finding]:
        told = result.get(self.told_in) if isinstance(result, Mapping) else None
        for level, stands in (told if isinstance(told, Mapping) else {}).items():
            if level not in counts:
                yield broken(self, f"the workflow tells of a decision of the {level} that nobody made when it counted.")
                continue
            decision, where = counts[level]
            shared = {key: value for key, value in decision.items() if isinstance(stands, Mapping) and key in stands}
            wrong = list(differences(shared, stands)) if shared else [f"it is {stands!r}"]
            if wrong:
                yield broken(
                    self,
                    f"the decision of the {level} is not the one that counts.",
                    detail=[*wrong, f"counts: {where}"],
                )

    def _done(self, counts: Decisions, evidence: Evidence) -> Iterator[Finding]:
        done = [
            event
            for event in evidence.of(EffectApplied)
            if (event.service, event.operation) == (self.of.service, self.of.name)
        ]
        refs = [event.call for event in done]
        against = [where for decision, where in counts.values() if not decision.get("approved")]
        missing = [level for level in self.levels if level not in counts]
        if done and (against or missing):
            detail = [*(f"against it: {one}" for one in against), *(f"never decided: the {one}" for one in missing)]
            yield broken(self, f"{self.of} took effect although not all have approved.", detail=detail, refs=refs)
        if len(done) > 1:
            yield broken(self, f"{self.of} took effect {len(done)} times for one approval.", refs=refs)
