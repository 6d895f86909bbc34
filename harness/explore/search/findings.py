"""From what is broken in many runs to findings: one for each mistake at each call, each with its smallest schedule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from harness.explore.model.schedule import Schedule
from harness.explore.search.exploration import SmallestFailure
from harness.explore.search.judge import Bug, Judged, bug_of
from harness.explore.search.shrink import size
from harness.verdict import Finding, Verdict, reading_order

Undoes = Callable[[Finding], frozenset[str]]
"""Returns what would take back what a finding is about."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One mistake, with every run that shows it.

    Attributes:
        bug: Which mistake.
        runs: The runs with what is broken in them, those with the smallest schedules first; one that cancels the
            workflow comes after all that do not.
        undoes: What would take back what it is about.
    """

    bug: Bug
    runs: tuple[tuple[Judged, Finding], ...]
    undoes: frozenset[str]

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedules that show it, smallest first."""
        return tuple(one.schedule for one, _ in self.runs)

    @property
    def oracle(self) -> str:
        """What finds it."""
        return self.runs[0][1].oracle

    def unshrunk(self, *, confirmed: bool = True) -> list[SmallestFailure]:
        """Return it as it was found; the argument as of `led_by`."""
        return self.led_by(self.runs[0][0], repeats=None, confirmed=confirmed)

    def led_by(
        self, lead: Judged, *, repeats: bool | None, without: Collection[Schedule] = (), confirmed: bool = True
    ) -> list[SmallestFailure]:
        """Return its findings, one for each call that was hit, that of one run first.

        A schedule of several faults is left out where some of them already show the mistake.

        Args:
            lead: The run whose story is told.
            repeats: Whether it came again.
            without: Schedules that are left out, since it did not come again under them.
            confirmed: Whether it was seen where it counts.
        """
        shown: dict[frozenset[str], list[tuple[Judged, Finding]]] = {
            _calls(lead.schedule): [(lead, next(one for one in lead.broken if bug_of(one) == self.bug))]
        }
        for one, finding in self.runs:
            if one.schedule == lead.schedule or one.schedule in without:
                continue
            calls = _calls(one.schedule)
            if calls in shown:
                shown[calls].append((one, finding))
            elif not any(known < calls for known in shown):
                shown[calls] = [(one, finding)]
        return [
            SmallestFailure(
                finding=several[0][1],
                judged=several[0][0],
                others=tuple(one.schedule for one, _ in several[1:]),
                same_as=None if several[0][0] is lead else lead.schedule,
                repeats=repeats if several[0][0] is lead else None,
                undoes=self.undoes,
                confirmed=confirmed,
            )
            for several in shown.values()
        ]

    def doubted(self, lead: Judged, *, tried: Collection[Schedule], confirmed: bool = True) -> list[SmallestFailure]:
        """Return it as what did not come again: one finding.

        Args:
            lead: The run whose story is told.
            tried: The schedules under which it did not come again.
            confirmed: Whether it was seen where it counts.
        """
        return [
            SmallestFailure(
                finding=next(one for one in lead.broken if bug_of(one) == self.bug),
                judged=lead,
                others=tuple(one for one in self.schedules if one != lead.schedule and one not in tried),
                repeats=False,
                undoes=self.undoes,
                confirmed=confirmed,
            )
        ]


def grouped(found: Iterable[tuple[Judged, Finding]], *, undoes: Undoes) -> list[Group]:
    """Return each mistake with all that shows it.

    Args:
        found: Runs with what is broken in them, a pair for each.
        undoes: Returns what would take back what a finding is about.
    """
    groups: dict[Bug, dict[Schedule, tuple[Judged, Finding]]] = {}
    for one, finding in sorted(found, key=lambda pair: _smallest_first(pair[0].schedule)):
        groups.setdefault(bug_of(finding), {}).setdefault(one.schedule, (one, finding))
    return [
        Group(bug=bug, runs=tuple(several.values()), undoes=undoes(next(iter(several.values()))[1]))
        for bug, several in groups.items()
    ]


def by_id(found: Iterable[tuple[Judged, Finding]], *, undoes: Undoes) -> tuple[SmallestFailure, ...]:
    """Return what fails nothing: each with one schedule, whatever its words are. Arguments as of `grouped`."""
    groups: dict[str, list[tuple[Judged, Finding]]] = {}
    for one, finding in sorted(found, key=lambda pair: size(pair[0].schedule)):
        groups.setdefault(finding.id, []).append((one, finding))
    return tuple(
        SmallestFailure(
            finding=several[0][1],
            judged=several[0][0],
            others=tuple(dict.fromkeys(one.schedule for one, _ in several[1:])),
            undoes=undoes(several[0][1]),
        )
        for several in groups.values()
    )


def in_reading_order(found: Iterable[Sequence[SmallestFailure]]) -> list[SmallestFailure]:
    """Return findings in the order in which a person should read them, those of one mistake behind each other.

    What a cancellation alone shows comes last; of the others first what fails, and of that the most harmful.
    """
    groups = sorted(found, key=lambda group: _rank(group[0]))
    return [*chain.from_iterable(groups)]


def _rank(lead: SmallestFailure) -> tuple[bool, bool, tuple[int, bool, int], tuple[int, int]]:
    doubtful = lead.verdict is not Verdict.FAILED
    return lead.cancels, doubtful, reading_order(lead.finding), size(lead.schedule)


def _smallest_first(schedule: Schedule) -> tuple[bool, int, int]:
    return any(one.kind.cancels for one in schedule.faults), *size(schedule)


def _calls(schedule: Schedule) -> frozenset[str]:
    return frozenset(str(one.call) for one in schedule.faults)
