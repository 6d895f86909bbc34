"""An exploration as SARIF: each finding at the line of its activity or of the workflow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.explore.search.exploration import Exploration
from harness.files.places import Place
from harness.reports import sarif
from harness.reports.explore.story import story, timeline
from harness.reports.sarif import Alert, Level
from harness.verdict import Verdict


def write_sarif(exploration: Exploration, path: Path, *, project: Path, repeat: str) -> None:
    """Write the findings that count, and those that the baseline waives.

    Args:
        exploration: What came out.
        path: The file.
        project: The project's root.
        repeat: The command that repeats a schedule, up to its name.
    """
    category = f"harness/explore/{exploration.target}"
    sarif.write_sarif(path, _alerts(exploration, repeat), category=category, project=project)


def _alerts(exploration: Exploration, repeat: str) -> Iterator[Alert]:
    for one in exploration.findings:
        # The same mistake at another call is in the text of the first.
        if one.excluded or not one.confirmed or one.same_as is not None:
            continue
        same = [str(other.schedule) for other in exploration.findings if other.same_as == one.schedule]
        also = [f"the same under: {', '.join(same)}"] if same else []
        again = [f"repeat: {repeat} --only '{one.schedule}'"] if one.schedule.faults else []
        target = Path(exploration.target)
        yield Alert(
            rule=one.finding.oracle,
            about=exploration.target,
            title=one.title,
            text="\n".join([*story(one), *again, *also, *timeline(one)]),
            level=Level.of(one.verdict if not one.waived else Verdict.FAILED, one.finding.harm),
            places=[*exploration.places(one), *([Place(path=str(target), line=1)] if target.is_file() else [])],
            subject=one.finding.subject,
            waived=one.waived,
        )
