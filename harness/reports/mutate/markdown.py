"""Mutation testing as Markdown: what a reviewer reads on the page of a merge request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.files.atomic_file import write_whole
from harness.mutate.fate import Fate, Mutation, Tried
from harness.reports.text import code, code_block, duration, markdown, plural


def write_markdown(mutation: Mutation, path: Path) -> None:
    """Write the report to a file."""
    write_whole(path, "\n".join(lines(mutation)) + "\n")


def lines(mutation: Mutation) -> Iterator[str]:
    """Yield the report: the score, a table of the files, and each survivor with what would notice it."""
    share = "nothing was judged" if mutation.score is None else f"{mutation.score:.0%} convicted"
    yield f"## Mutants: {share}"
    yield ""
    counts = mutation.counts
    parts = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate])
    yield f"{plural(len(mutation.tried), 'mutant')} in {duration(mutation.took)}: {parts}."
    yield ""
    yield "| file | mutants | convicted | survived |"
    yield "| --- | --- | --- | --- |"
    for file in sorted({one.mutant.file for one in mutation.tried}):
        fates = [one.fate for one in mutation.tried if one.mutant.file == file]
        name = code(file.as_posix())
        yield f"| {name} | {len(fates)} | {fates.count(Fate.CONVICTED)} | {fates.count(Fate.SURVIVED)} |"
    notes = [*mutation.notes, *(f"does not pass without a mutant: {one}" for one in mutation.not_passing)]
    if notes:
        yield ""
        yield from (f"- {markdown(one)}" for one in notes)
    for tried in mutation.survivors:
        yield from _survivor(tried)


def _survivor(tried: Tried) -> Iterator[str]:
    mutant = tried.mutant
    yield ""
    yield f"### {tried.fate}: {code(mutant.id)}"
    yield ""
    yield markdown(mutant.stands_for)
    if tried.fate is Fate.SURVIVED:
        yield f"Why: {tried.why}. Would notice it: {markdown(mutant.noticed_by)}."
    yield ""
    yield code_block(mutant.diff.splitlines()[2:])
