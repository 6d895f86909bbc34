"""A gate keeps its verdict when the disk is full, and shares a checkout with another gate."""

from __future__ import annotations

import asyncio
import json
import resource
from pathlib import Path

from tests.live.commands import FAILS, begin, harness, make_project

LARGEST_FILE = 2 * 2**20
"""The HTML report has some 5 MB, of which most is Plotly; every other file of a small session has less than this."""


async def test_a_disk_that_is_full_when_the_page_is_written_costs_only_the_page(tmp_path: Path) -> None:
    """The verdict is told, the other reports are whole, nothing is half a page, and the exit code says why.

    The kernel refuses to write more than so much into one file: what a full disk does, at a place that can be told.
    """
    project = make_project(tmp_path)
    gate = await begin("harness", "gate", "--junit", "junit.xml", cwd=project)
    resource.prlimit(gate.process.pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    ended = await gate.end()
    [folder] = (project / "runs").glob("*-gate-*")

    assert ended.code == 3, ended.out + ended.err
    assert "PASSED       doors/holds" in ended.out
    assert "a report cannot be written" in ended.err
    assert "Traceback" not in ended.err
    assert 'tests="1"' in (project / "junit.xml").read_text(encoding="utf-8")
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["gate"]["green"] is True
    assert not (folder / "report.html").exists()
    assert not [one for one in folder.iterdir() if one.is_file() and one.stat().st_size >= LARGEST_FILE]

    again = await harness("report", str(folder), "--html", "later.html", cwd=project)
    assert again.code == 0, again.out + again.err
    assert (project / "later.html").stat().st_size > LARGEST_FILE


async def test_two_gates_in_one_checkout_keep_apart(tmp_path: Path) -> None:
    """Each has servers, folder and verdict of its own; both are whole."""
    project = make_project(tmp_path, breaks=FAILS)
    one, other = await asyncio.gather(*(harness("gate", cwd=project) for _ in range(2)))
    folders = sorted((project / "runs").glob("*-gate-*"))
    reports = [json.loads((folder / "report.json").read_text(encoding="utf-8")) for folder in folders]

    assert one.code == other.code == 1
    assert len(folders) == 2
    assert [sorted(run["name"] for run in report["runs"]) for report in reports] == [
        ["doors/breaks", "doors/holds"]
    ] * 2
    for ended in (one, other):
        assert "reason       new: doors/breaks: outcome" in ended.out
        assert sum(str(folder.relative_to(project)) in ended.out for folder in folders) == 1
