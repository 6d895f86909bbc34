"""What a person sees of mutation testing: a line for each mutant, then each survivor, then the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.mutate.fate import Fate, Mutation, Tried
from harness.reports.text import plural

Say = Callable[[str], None]


class MutationOnTerminal:
    """Writes lines.

    Args:
        say: Prints one.
    """

    def __init__(self, say: Say) -> None:
        self._say = say

    def notify(self, tried: Tried, done: int, of: int) -> None:
        """Print what became of one mutant."""
        by = f" by {tried.convicted_by}" if tried.convicted_by else ""
        self._say(f"[{done}/{of}] {tried.fate}{by}: {tried.mutant.id} ({tried.seconds:.1f} s)")

    def end(self, mutation: Mutation) -> None:
        """Print the survivors and the score."""
        for line in lines(mutation):
            self._say(line)


def lines(mutation: Mutation) -> Iterator[str]:
    """Yield what is printed at the end."""
    for one in mutation.not_passing:
        yield f"note: does not pass without a mutant, so it convicts none: {one}"
    for one in mutation.notes:
        yield f"note: {one}"
    for tried in mutation.survivors:
        yield ""
        yield from survivor(tried)
    counts = mutation.counts
    yield ""
    yield f"{plural(len(mutation.tried), 'mutant')}: " + ", ".join(
        f"{counts[fate]} {fate}" for fate in Fate if counts[fate]
    )
    yield from _by_file(mutation)
    if mutation.score is not None:
        done = len(mutation.tried) - counts[Fate.NOT_TRIED]
        each = mutation.trying.total_seconds() / done if done else 0.0
        demanded = "" if mutation.share is None else f" of the {mutation.share:.0%} that must be"
        yield f"convicted: {mutation.score:.0%}{demanded}; {mutation.took.total_seconds():.1f} s, {each:.2f} s a mutant"


def survivor(tried: Tried) -> Iterator[str]:
    """Yield what is printed of a mutant that no scenario failed for."""
    mutant = tried.mutant
    yield f"{tried.fate}: {mutant.id}, line {mutant.lines[0]}"
    yield f"  {mutant.stands_for}"
    yield from (f"  {line}" for line in mutant.diff.splitlines()[2:])
    if tried.fate is Fate.SURVIVED:
        yield f"  why: {tried.why}"
        yield f"  would notice it: {mutant.noticed_by}"
    elif tried.scenario:
        yield f"  {tried.scenario} was INCONCLUSIVE: {tried.oracle}: {tried.title}"


def _by_file(mutation: Mutation) -> Iterator[str]:
    files = sorted({one.mutant.file for one in mutation.tried})
    for file in files if len(files) > 1 else ():
        own = [one for one in mutation.tried if one.mutant.file == file]
        convicted = sum(one.fate is Fate.CONVICTED for one in own)
        yield f"  {file}: {convicted} of {len(own)} convicted"
