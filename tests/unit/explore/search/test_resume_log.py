"""What a campaign keeps of its runs, and finds again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from harness.evidence.history import Failure, Status
from harness.explore.invariants.standard import STANDARD
from harness.explore.model.explored_run import Breach, ExploredRun, Invariant
from harness.explore.model.schedule import parse
from harness.explore.search.judge import judge
from harness.explore.search.resume_log import Journal, code_of
from tests.unit.explore.made import effect, made, ran

NEVER = Invariant(name="never", judge=lambda _: Breach(what="it broke.", subject="charge"))


def journal(folder: Path, **about: Any) -> Journal:
    """A journal about a shop."""
    return Journal(folder / "kept" / "journal.jsonl", about={"target": "shop", "code": {"shop.py": "a"}, **about})


def failure(cause: Failure | None = None) -> Failure:
    """A failure, as a history tells it."""
    return Failure(
        kind="application",
        type="Declined",
        message="no",
        retry_state="",
        non_retryable=True,
        timeout_type="",
        details=({"left": 1},),
        stack_trace="",
        cause=cause,
    )


def a_run() -> ExploredRun:
    """A run with a bit of everything, and an argument that JSON does not know."""
    run = ran(
        effect("charge", result={"id": 1}, arguments=({1, 2}, "t-00001")),
        status=Status.FAILED,
        schedule="charge#1:lost",
        calls=(made("charge", attempts=2, bounded=True),),
        stuck=("no", "where"),
        blocked=frozenset({"charge"}),
    )
    object.__setattr__(run.outcome, "failure", failure(failure()))
    return run


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    """As far as JSON can tell: what it cannot is kept as text."""
    first, kept = journal(tmp_path), judge(a_run(), [NEVER])
    first.begin()
    first.keep(kept, settled=True)
    second = journal(tmp_path)

    assert second.resume() == 1
    found = second.recall(parse("charge#1:lost"), STANDARD)
    assert found is not None
    judged, settled = found
    assert settled
    assert (judged.verdict, judged.broken, judged.unclear) == (kept.verdict, kept.broken, kept.unclear)
    assert judged.run.shape == kept.run.shape
    assert judged.run.calls == kept.run.calls
    assert judged.run.outcome == kept.run.outcome
    assert judged.run.effects[0].arguments == ("{1, 2}", "t-00001")
    assert second.recall(parse("charge#1:error"), [NEVER]) is None


def test_the_last_run_of_a_schedule_counts(tmp_path: Path) -> None:
    """It was performed again for a reason."""
    first = journal(tmp_path)
    first.begin()
    first.keep(judge(a_run(), [NEVER]), settled=False)
    first.keep(judge(ran(schedule="charge#1:lost"), []), settled=True)
    second = journal(tmp_path)

    assert second.resume() == 1
    found = second.recall(parse("charge#1:lost"), [NEVER])
    assert found is not None
    assert (found[0].broken, found[1]) == ((), True)


def test_a_line_that_was_cut_short_is_left_behind(tmp_path: Path) -> None:
    """A process that is killed may be writing one; what is written after it can be read."""
    first = journal(tmp_path)
    first.begin()
    first.keep(judge(a_run(), []), settled=False)
    path = tmp_path / "kept" / "journal.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"schedule": "ship#1:', encoding="utf-8")
    second = journal(tmp_path)
    second.resume()
    second.keep(judge(ran(schedule="ship#1:lost"), []), settled=False)

    assert journal(tmp_path).resume() == 2


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"code": {"shop.py": "b"}}, "shop.py has changed"),
        ({"real time": True}, "real time was None and is True"),
    ],
)
def test_what_has_changed_is_refused(tmp_path: Path, about: dict[str, Any], told: str) -> None:
    """What was explored is not true of it any more."""
    journal(tmp_path).begin()

    with pytest.raises(UsageError, match=told):
        journal(tmp_path, **about).resume()


def test_nothing_is_not_resumed(tmp_path: Path) -> None:
    """There must have been a campaign."""
    with pytest.raises(UsageError, match="there is nothing to resume"):
        journal(tmp_path).resume()


def test_the_code_is_that_of_the_project() -> None:
    """Its own files, and no library's."""
    code = code_of(Path(__file__).parents[4])

    assert "tests/unit/explore/made.py" in code
    assert not [one for one in code if "site-packages" in one]
