"""What a campaign keeps of its runs, and finds again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from harness.evidence.history import Status
from harness.evidence.schedule_events import LoopBlocked
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.schedule import parse
from harness.explore.search.resume_log import LONGEST, ResumeLog, code_of
from harness.verdict import Finding
from tests.unit.explore.made import NOON, effect, judged_by, made, ran

NEVER = Invariant(name="never", check=lambda _: Finding(title="it broke.", subject="charge"))


def log_in(folder: Path, **about: Any) -> ResumeLog:
    """A log about a shop."""
    return ResumeLog(folder / "kept" / "log.jsonl", about={"target": "shop", "code": {"shop.py": "a"}, **about})


def a_run() -> ExploredRun:
    """A run with a bit of everything, and an argument that JSON does not know."""
    return ran(
        effect("charge", result={"id": 1}, arguments=({1}, "t-00001")),
        status=Status.FAILED,
        schedule="charge#1:lost",
        calls=(made("charge", attempts=2, bounded=True),),
        undoes=[("refund", "bank.refund")],
        events=[LoopBlocked(activity="charge", where="shop.py:3", seconds=0.5, at=NOON)],
    )


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    """As far as JSON can tell: what it cannot is kept as text."""
    first, kept = log_in(tmp_path), judged_by(a_run(), [NEVER])
    first.begin()
    first.keep(kept, settled=True)
    second = log_in(tmp_path)

    assert second.resume() == 1
    found = second.recall(parse("charge#1:lost"))
    assert found is not None
    judged, settled = found
    assert settled
    assert (judged.verdict, judged.findings, judged.excused) == (kept.verdict, kept.findings, kept.excused)
    assert judged.run.shape == kept.run.shape
    assert judged.run.calls == kept.run.calls
    assert judged.run.outcome == kept.run.outcome
    assert judged.run.timeline == kept.run.timeline
    assert (judged.run.reached, judged.run.undoes, judged.run.blocked) == (
        kept.run.reached,
        kept.run.undoes,
        kept.run.blocked,
    )
    assert judged.run.effects[0].arguments == ([1], "t-00001")
    assert second.recall(parse("charge#1:error")) is None


def test_the_last_run_of_a_schedule_counts(tmp_path: Path) -> None:
    """It was performed again for a reason."""
    first = log_in(tmp_path)
    first.begin()
    first.keep(judged_by(a_run(), [NEVER]), settled=False)
    first.keep(judged_by(ran(schedule="charge#1:lost"), []), settled=True)
    second = log_in(tmp_path)

    assert second.resume() == 1
    found = second.recall(parse("charge#1:lost"))
    assert found is not None
    assert (found[0].broken, found[1]) == ((), True)


def test_a_long_value_is_kept_in_part_and_no_secret_is_cut_in_two(tmp_path: Path) -> None:
    """An attempt that is repeated for ever may return megabytes each time; a key may lie across the cut."""
    key = "-----BEGIN PRIVATE KEY-----" + "A" * 3_000 + "-----END PRIVATE KEY-----"
    picture = effect("draw", result="x" * (LONGEST - 500) + key + "y" * 3_000_000, arguments=())
    log = log_in(tmp_path)
    log.begin()
    log.keep(judged_by(ran(picture, status=Status.FAILED, schedule="draw#1:lost"), [NEVER]), settled=True)
    written = (tmp_path / "kept" / "log.jsonl").read_text(encoding="utf-8")

    assert len(written) < 2 * LONGEST
    assert "x" * 1_000 in written
    assert "AAA" not in written


def test_a_line_that_was_cut_short_is_left_behind(tmp_path: Path) -> None:
    """A process that is killed may be writing one; what is written after it can be read."""
    first = log_in(tmp_path)
    first.begin()
    first.keep(judged_by(a_run(), []), settled=False)
    path = tmp_path / "kept" / "log.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"schedule": "ship#1:', encoding="utf-8")
    second = log_in(tmp_path)
    second.resume()
    second.keep(judged_by(ran(schedule="ship#1:lost"), []), settled=False)

    assert log_in(tmp_path).resume() == 2


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"code": {"shop.py": "b"}}, "shop.py has changed"),
        ({"real time": True}, "real time was None and is True"),
    ],
)
def test_what_has_changed_is_refused(tmp_path: Path, about: dict[str, Any], told: str) -> None:
    """What was explored is not true of it any more."""
    log_in(tmp_path).begin()

    with pytest.raises(UsageError, match=told):
        log_in(tmp_path, **about).resume()


def test_nothing_is_not_resumed(tmp_path: Path) -> None:
    """There must have been a campaign."""
    with pytest.raises(UsageError, match="there is nothing to resume"):
        log_in(tmp_path).resume()


def test_the_code_is_that_of_the_project() -> None:
    """Its own files, and no library's."""
    code = code_of(Path(__file__).parents[4])

    assert "tests/unit/explore/made.py" in code
    assert not [one for one in code if "site-packages" in one]
