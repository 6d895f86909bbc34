"""What must hold however a run goes wrong, as an oracle: it reads evidence, and returns what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from harness.errors import UsageError, WrongInvariant
from harness.evidence.evidence import Evidence
from harness.explore.model.explored_run import ExploredRun
from harness.verdict import Finding, Verdict

Answer = Iterable[Finding | str] | Finding | str | bool | None
"""What a check may return: nothing or true when it holds, false or what is broken when it does not."""


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """What must hold however a run goes wrong.

    Attributes:
        name: As reports name it.
        check: Reads a finished run and returns what is broken, or raises AssertionError to say it.
        undoes: The activities and operations that would take back what it is about: when a fault makes one of them
            fail permanently, what is then left is not counted.
        advisory: Whether a finding is only reported.
        activities: The types of the activities that it is about; a target must have each.
    """

    name: str
    check: Callable[[ExploredRun], Answer]
    undoes: frozenset[str] = frozenset()
    advisory: bool = False
    activities: frozenset[str] = frozenset()

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Return what is broken. A run that did not end by itself is not asked: it might yet have undone what it did.

        Whatever the check raises but AssertionError is the caller's.

        Raises:
            WrongInvariant: The check asks for something that the target does not have.
        """
        run = evidence.read_as(ExploredRun)
        for one in self._answers(run) if run.ended else ():
            finding = one if isinstance(one, Finding) else Finding(title=str(one))
            verdict = Verdict.PASSED if self.advisory else finding.verdict
            yield replace(finding, oracle=self.name, verdict=verdict, undone_by=self.undoes)

    def _answers(self, run: ExploredRun) -> Iterable[Finding | str]:
        try:
            answer = self.check(run)
            if answer is None:
                return []
            if isinstance(answer, bool):
                return [] if answer else [f"{self.name} does not hold."]
            return [answer] if isinstance(answer, Finding | str) else list(answer)
        except AssertionError as error:
            first = str(error).partition("\n")[0]
            return [first or f"{self.name} does not hold."]
        except UsageError as error:
            raise WrongInvariant(*(f"{self.name}: {problem}" for problem in error.problems)) from error


def named(invariant: Invariant | Callable[[ExploredRun], Answer]) -> Invariant:
    """Return any callable as an invariant of its own name."""
    if isinstance(invariant, Invariant):
        return invariant
    return Invariant(name=getattr(invariant, "__name__", repr(invariant)), check=invariant)
