"""Each level decides once, and its decision is final."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.events import EffectApplied
from harness.evidence.evidence import Evidence
from harness.evidence.history import Delivery, Status, deliveries
from harness.files.wording import counted, listed, short, times
from harness.oracle import broken, cannot_tell, differences
from harness.services.operation import Operation
from harness.verdict import Finding, Harm

Decisions = dict[str, tuple[Mapping[str, Any], str]]


@dataclass(frozen=True, kw_only=True)
class NoDoubleDecision:
    """The first decision of the level whose turn it is counts, and no later one (APR-003, APR-006, APC-003).

    It is a level's turn once all levels before it have approved. The order of the decisions in the workflow's histories
    says which of them count; updates that failed for their sender do not. The workflow's result must report the
    decisions that count, and the effects must follow them.

    Attributes:
        of: The operation that takes effect when all levels have approved, and only then.
        levels: Who decides, in order.
        sent_by: The signals and updates that carry decisions. Their first argument names its level in the field
            `level`, and says in `approved` whether it approves.
        told_in: The field of the workflow's result that holds the final decisions, by level.

    Raises:
        UsageError: `levels` or `sent_by` is a string, or empty.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: Operation
    levels: Sequence[str]
    sent_by: Sequence[str]
    told_in: str = "decisions"

    def __post_init__(self) -> None:
        wrong = [repr(one) for one in (self.levels, self.sent_by) if isinstance(one, str) or not one]
        if wrong:
            raise UsageError(
                f"NoDoubleDecision: levels and sent_by must be lists such as ['manager'], got {listed(wrong)}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare what was sent with what was answered and done."""
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; a decision may still change.")
            return
        runs = evidence.runs
        sent = [one for run in runs for one in deliveries(run) if one.name in self.sent_by]
        if not sent:
            yield cannot_tell(self, f"no {' or '.join(self.sent_by)} was sent, so nothing can be judged.")
            return
        counts: Decisions = {}
        for one in sent:
            yield from self._count(one, counts)
        result = evidence.outcome.result
        if evidence.outcome.status is Status.COMPLETED and not (isinstance(result, Mapping) and self.told_in in result):
            yield cannot_tell(self, f"the result has no field {self.told_in!r}, so what it reports cannot be judged.")
        yield from self._changed(counts, result)
        yield from self._done(counts, evidence)

    def _count(self, one: Delivery, counts: Decisions) -> Iterator[Finding]:
        """Take a decision if it counts; an update that was accepted must count."""
        decision = one.arguments[0] if one.arguments else None
        if one.failed or not isinstance(decision, Mapping):
            return
        level, where = str(decision.get("level")), f"{one.name}, event {one.event.id}: {dict(decision)!r}"
        if level == self._turn(counts):
            counts[level] = decision, where
        elif one.answered:
            yield broken(
                self,
                f"an update with a decision of the {level} was accepted, but that decision does not count.",
                detail=[
                    f"accepted: {where}",
                    f"the decision that counts: {counts[level][1] if level in counts else 'none yet'}",
                ],
            )

    def _turn(self, counts: Decisions) -> str | None:
        if any(not decision.get("approved") for decision, _ in counts.values()):
            return None
        return next((level for level in self.levels if level not in counts), None)

    def _changed(self, counts: Decisions, result: Any) -> Iterator[Finding]:
        reported = result.get(self.told_in) if isinstance(result, Mapping) else None
        for level, final in (reported if isinstance(reported, Mapping) else {}).items():
            if level not in counts:
                yield broken(self, f"the result reports a decision of the {level}, who made none that counts.")
                continue
            decision, where = counts[level]
            shared = {key: value for key, value in decision.items() if isinstance(final, Mapping) and key in final}
            wrong = list(differences(shared, final)) if shared else [f"it is {final!r}"]
            if wrong:
                yield broken(
                    self,
                    f"the result reports the decision of the {level} as {short(final)}, "
                    f"expected {short(dict(decision))}.",
                    detail=[*wrong, f"the decision that counts: {where}"],
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
            detail = [*(f"rejected by {one}" for one in against), *(f"never decided: the {one}" for one in missing)]
            why = [counted(len(against), "rejection")] if against else []
            why += [f"no decision of the {listed(missing)}"] if missing else []
            yield broken(self, f"{self.of} took effect despite {' and '.join(why)}.", detail=detail, refs=refs)
        if len(done) > 1:
            yield broken(self, f"{self.of} took effect {times(len(done))} for one approval, expected once.", refs=refs)
