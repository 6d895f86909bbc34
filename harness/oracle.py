"""Who judges: the contract of every oracle.

An oracle is a value that reads evidence and says what it finds. It never touches anything live. No finding means
that it holds; an oracle with nothing to judge says so with an INCONCLUSIVE finding, since silence would pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from harness.events import WorkflowTaskStuck
from harness.evidence.evidence import Evidence
from harness.files.naming import kind_of
from harness.verdict import Finding, Harm, Verdict


@runtime_checkable
class Oracle(Protocol):
    """One expectation of a run."""

    def judge(self, evidence: Evidence) -> Iterable[Finding]:
        """Return what is broken, and what cannot be told."""


@runtime_checkable
class ToleratingOracle(Protocol):
    """An oracle that expects workflow tasks to fail for a while: a run that it judges goes on when they do."""

    def judge(self, evidence: Evidence) -> Iterable[Finding]:
        """Return what is broken, and what cannot be told."""

    def tolerates(self, stuck: WorkflowTaskStuck) -> bool:
        """Whether the run goes on all the same; this oracle then answers for the failing task."""


def name_of(oracle: object) -> str:
    """Return what findings of an oracle are known by: a name of its own, such as an invariant's, or its kind."""
    return str(getattr(oracle, "name", "")) or kind_of(oracle)


def broken(oracle: object, title: str, *, detail: Iterable[str] = (), refs: Iterable[str] = ()) -> Finding:
    """Make the finding of a broken expectation."""
    return Finding(
        oracle=kind_of(oracle),
        verdict=Verdict.FAILED,
        title=title,
        detail="\n".join(detail),
        refs=tuple(refs),
        harm=harm_of(oracle),
    )


def cannot_tell(oracle: object, title: str, *, detail: Iterable[str] = ()) -> Finding:
    """Make the finding of an oracle that had nothing to judge."""
    return Finding(
        oracle=kind_of(oracle),
        verdict=Verdict.INCONCLUSIVE,
        title=title,
        detail="\n".join(detail),
        harm=harm_of(oracle),
    )


def harm_of(oracle: object) -> Harm:
    """Return how harmful it is when an oracle is broken: its attribute `harm`, a wrong outcome when it has none."""
    harm: Harm = getattr(oracle, "harm", Harm.OUTCOME)
    return harm


def differences(expected: Any, actual: Any, *, at: str = "") -> Iterator[str]:
    """Say where a value is not as expected, one line each.

    A mapping is compared key by key, and may have keys more than expected, except that an empty one stands for an
    empty one. Everything else is compared as a whole; true is not 1, and a tuple is a list, as JSON has no tuples.
    """
    if expected and isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            where = f"{at}.{key}" if at else str(key)
            if key not in actual:
                yield f"{where} is missing, expected {value!r}"
            else:
                yield from differences(value, actual[key], at=where)
        return
    if not _same(expected, actual):
        yield f"{at or 'it'} is {actual!r}, expected {expected!r}"


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return expected.keys() == actual.keys() and all(_same(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return len(expected) == len(actual) and all(map(_same, expected, actual))
    return isinstance(expected, bool) is isinstance(actual, bool) and bool(expected == actual)
