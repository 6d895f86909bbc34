"""What of the workflow code is reached, put together from what several processes measured."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.replay.verdicts.coverage import Meter, Patch, Reached, read
from harness.replay.verdicts.judgement import Judgement
from harness.reports.replay.terminal import reach

SHOP = """
from temporalio import activity, workflow

LATER = "later"

class Shop:
    def run(self, big):
        if big:
            return "big"
        return "small"

    def once(self, many):
        for one in many:
            print(one)

    def never(self):
        if workflow.patched("first") or workflow.patched(LATER):
            return 1
        workflow.deprecate_patch("gone")

    @workflow.query
    def asked(self):
        return 1

    def half(self, big):
        if big:
            big = 2
        return big

@activity.defn
def charge():
    return 1
"""


HALF = (26, 27, 28)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type]:
    """Workflow code in a file of its own."""
    (tmp_path / "reached_shop.py").write_text(SHOP, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield importlib.import_module("reached_shop").Shop
    del sys.modules["reached_shop"]


def measured(folder: Path, shop: type, **did: bool) -> None:
    """What one process does."""
    meter = Meter(str(folder), [shop])
    try:
        shop().run(did["big"])
        if did.get("once"):
            shop().once([1])
    finally:
        meter._coverage.stop()
    meter.keep()


def test_several_processes_reach_more_than_one(shop: type, tmp_path: Path) -> None:
    """What none reaches is told by function; imports, activities and queries do not count."""
    folder = tmp_path / "measured"
    folder.mkdir()
    measured(folder, shop, big=True)
    assert reached_lines(read(folder, [])) == {
        "Shop.run": (10,),
        "Shop.once": (13, 14),
        "Shop.never": (17, 18, 19),
        "Shop.half": HALF,
    }

    measured(folder, shop, big=True)
    measured(folder, shop, big=False, once=True)
    reached = read(folder, [])

    assert reached_lines(reached) == {"Shop.never": (17, 18, 19), "Shop.half": HALF}
    [module] = reached.modules
    assert (module.file, module.lines, module.branches) == ("reached_shop.py", (11, 5), (8, 4))
    assert list(reach(reached))[:2] == [
        "reached: reached_shop.py: 5 of 11 lines, 4 of 8 branches (47%)",
        "  no history reaches Shop.never: lines 17-19",
    ]


def test_a_way_that_nobody_takes_is_told(shop: type, tmp_path: Path) -> None:
    """Between lines that are reached; the ways of others go without saying."""
    meter = Meter(str(tmp_path), [shop])
    shop().half(1)
    meter._coverage.stop()
    meter.keep()

    assert "  no history reaches Shop.half: from 26 to 28" in list(reach(read(tmp_path, [])))


def test_patches_are_told_with_the_ways_that_histories_went(shop: type, tmp_path: Path) -> None:
    """Those in the code, and those whose id is only known at run time."""
    meter = Meter(str(tmp_path), [shop])
    meter._coverage.stop()
    meter.keep()
    judgements = [
        Judgement(file="1", patches={"first": True}),
        Judgement(file="2", patches={"first": False, "later": True}),
        Judgement(file="3", patches={"made up": False}),
    ]
    reached = read(tmp_path, judgements)

    assert reached.patches == (
        Patch(patch="first", site="reached_shop.py:17", deprecated=False, new=1, old=1),
        Patch(patch="later", site="reached_shop.py:17", deprecated=False, new=1, old=0),
        Patch(patch="gone", site="reached_shop.py:19", deprecated=True, new=0, old=0),
        Patch(patch="made up", site="", deprecated=False, new=0, old=1),
    )
    assert "patched('later') in reached_shop.py:17: histories on the new path: 1, on the old path: none" in list(
        reach(reached)
    )


def test_where_nothing_was_measured_there_is_nothing(tmp_path: Path) -> None:
    """As when the first history was interrupted."""
    assert read(tmp_path, []) == Reached(modules=(), patches=())


def reached_lines(reached: Reached) -> dict[str, tuple[int, ...]]:
    """The lines that nobody reaches, by function."""
    return {one.name: one.lines for module in reached.modules for one in module.missed}
