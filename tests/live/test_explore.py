"""Applications that know nothing of the harness, explored: the sound one holds, the others' bugs come out."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.live.commands import Ended, begin
from tests.live.exploring import WITHIN, harness_ended, harness_explore, make_project

ROOT = Path(__file__).parents[2]

PLANTED = {
    "undone_on_failure(charge, refund)": "charge#1",
    "at_most_once(award_points)": "award_points#1",
    "each_line_once": "post_lines#1",
    "sent_somehow": "book_courier#1",
    "no_stuck_task": "send_receipt#1",
    "terminates": "is_delivered#1",
}
"""The bugs of the shop: which promise each breaks, and at which call."""


async def explored(target: str, *options: str, report: Path) -> tuple[Ended, Any]:
    """Explore one of the example applications."""
    ended = await harness_explore(f"tests/explored/{target}_target.py", *options, "--json", str(report))
    return ended, json.loads(report.read_text(encoding="utf-8")) if report.is_file() else None


async def test_the_sound_application_holds_at_every_fault(tmp_path: Path) -> None:
    """No false alarm: parallel activities, threads, a heartbeat, a timer, a child, compensation, cancellation."""
    ended, report = await explored("parcel", report=tmp_path / "report.json")

    assert ended.code == 0, ended.out + ended.err
    assert report["findings"] == []
    (singles,) = report["explored"]
    assert singles["explored"] == singles["of"] > 40


async def test_every_planted_bug_is_one_finding(tmp_path: Path) -> None:
    """Six bugs, six broken promises, each with a single fault at the call that brings it out."""
    ended, report = await explored("shop", report=tmp_path / "report.json")

    first = [one for one in report["findings"] if one["same_as"] is None]
    found = {one["invariant"]: one["schedule"].partition(":")[0] for one in first}
    assert ended.code == 1
    assert found == PLANTED
    assert len(first) == len(PLANTED)
    assert all(one["repeats"] for one in first)


async def test_a_finding_is_repeated_by_its_name(tmp_path: Path) -> None:
    """And its schedule is shrunk to the mildest that still breaks the promise."""
    ended, report = await explored("shop", "--only", "post_lines#1:zombie", report=tmp_path / "report.json")

    (finding,) = report["findings"]
    assert ended.code == 1
    assert (finding["invariant"], finding["repeats"]) == ("each_line_once", True)
    assert "post_lines#1" in ended.out


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("tests/explored/nothing_target.py", "does not exist"),
        ("tests.explored.shop.workflow:PlaceOrders", "Did you mean 'PlaceOrder'"),
    ],
)
async def test_the_user_s_mistake_is_one_paragraph(target: str, told: str) -> None:
    """And exit code 2."""
    ended = await harness_explore(target)

    assert ended.code == 2
    assert told in ended.err
    assert "Traceback" not in ended.err + ended.out


async def test_a_schedule_that_is_not_met_proves_nothing(tmp_path: Path) -> None:
    """It is named, and the exploration is red."""
    ended, report = await explored("parcel", "--only", "refund#1:lost", report=tmp_path / "report.json")

    assert ended.code == 4
    assert report["verdict"] == "INCONCLUSIVE"
    assert "refund#1:lost never fired" in ended.out


async def test_a_workflow_alone_is_explored_without_a_target_file() -> None:
    """By the promises that hold for every application; two of the shop's bugs break those."""
    workflow = ["tests.explored.shop.workflow:PlaceOrder", "--input", '{"id": "TOKEN"}']
    ended = await harness_explore(*workflow, "--only", "send_receipt#1:timed_out_before")

    assert ended.code == 1
    assert "no_stuck_task" in ended.out


async def test_signals_come_late_and_twice(tmp_path: Path) -> None:
    """The expense that counts its approvals is paid twice; nothing else is wrong with it."""
    ended, report = await explored("approval", report=tmp_path / "report.json")

    assert ended.code == 1, ended.out + ended.err
    assert [(one["id"], one["schedule"]) for one in report["findings"] if one["same_as"] is None] == [
        ("at_most_once(pay)|pay", "signal-approve#1:twice")
    ]
    assert "raced" not in report["matrix"]["kinds"], "one client sends them, one after the other"
    assert report["matrix"]["calls"]["signal-close#1"]["late"] == "ok"


async def test_updates_come_late_and_twice(tmp_path: Path) -> None:
    """The tally that counts whatever comes counts one twice; that one comes late it tolerates."""
    report = tmp_path / "report.json"
    ended = await harness_explore("tests/explored/tally.py", "--json", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))

    assert ended.code == 1, ended.out + ended.err
    first = [one for one in told["findings"] if one["same_as"] is None]
    assert [(one["id"], one["schedule"]) for one in first] == [("counted_once", "update-add#1:twice")]
    assert told["matrix"]["calls"]["update-add#2"]["late"] == "ok"
    assert "raced" not in told["matrix"]["kinds"]


@pytest.mark.parametrize(
    ("workflow", "code", "told"),
    [
        ("NeverEnds", 1, "terminates: the workflow had not ended"),
        ("Stuck", 1, "no_stuck_task: a workflow task fails and will not recover by itself"),
        ("Varies", 4, "the fault-free run"),
    ],
)
async def test_what_fails_without_any_fault_is_told_at_once(workflow: str, code: int, told: str) -> None:
    """It is red, and no fault is blamed."""
    ended = await harness_explore(f"tests.explored.odd:{workflow}", "--only", "work#1:error")

    assert ended.code == code
    assert told in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_an_activity_that_blocks_the_loop_is_told_of() -> None:
    """What else goes on is then slow for no reason of its own."""
    ended = await harness_explore("tests.explored.odd:Blocks", "--only", "block#1:error")

    assert ended.code == 0, ended.out
    assert "block blocks the event loop" in ended.out


async def test_an_exploration_that_is_interrupted_says_how_far_it_came(tmp_path: Path) -> None:
    """Ctrl-C, once it is under way; the exit code is that of what proves nothing."""
    command = await begin(
        "harness", "explore", "tests/explored/parcel_target.py", "--watch", "--runs", str(tmp_path), cwd=ROOT
    )
    await command.until("PASSED")
    command.process.send_signal(signal.SIGINT)
    ended = await command.end(within=WITHIN)

    assert ended.code == 4
    assert "interrupted" in ended.out
    assert "of 55 singles" in ended.out
    assert "Traceback" not in ended.err


async def test_a_cancellation_comes_while_a_workflow_waits_for_nothing_but_a_signal(tmp_path: Path) -> None:
    """The seat stays held; at every other event it is let go, or was never held."""
    report = tmp_path / "report.json"
    ended = await harness_explore("tests/explored/seat.py", "--json", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))

    assert ended.code == 1, ended.out + ended.err
    assert [(one["id"], one["schedule"], one["repeats"]) for one in told["findings"]] == [
        ("undone_on_failure(hold, let_go)|hold", "event#2:cancelled_after", True)
    ]
    cells = {call: row["cancelled_after"] for call, row in told["matrix"]["calls"].items() if call.startswith("event#")}
    assert cells == {"event#1": "ok", "event#2": "BROKE", "event#3": "ok", "event#4": "ok"}


async def test_an_event_that_does_not_come_proves_nothing() -> None:
    """It is armed, named, and never counted as held."""
    ended = await harness_explore("tests/explored/seat.py", "--only", "event#9:cancelled_after")

    assert ended.code == 4
    assert "event#9:cancelled_after never fired" in ended.out


async def test_what_was_interrupted_is_resumed_and_ends_the_same(tmp_path: Path) -> None:
    """Ctrl-C once a finding is there; the rest is explored then, and nothing twice."""
    project = make_project(tmp_path)
    words = ["explore", "target.py", "--runs", str(tmp_path / "runs")]
    command = await begin("harness", *words, "--watch", "--concurrency", "2", cwd=project)
    await command.until("FAILED")
    command.process.send_signal(signal.SIGINT)
    ended = await command.end(within=WITHIN)
    rest = await harness_ended(*words, "--resume", "--json", str(tmp_path / "rest.json"), cwd=project)
    again = await harness_ended(*words, "--resume", "--json", str(tmp_path / "again.json"), cwd=project)
    words[-1] = str(tmp_path / "others")
    whole = await harness_ended(*words, "--json", str(tmp_path / "whole.json"), cwd=project)

    assert "interrupted" in ended.out
    assert rest.code == again.code == whole.code == 1, rest.out + rest.err
    resumed, twice, report = (json.loads((tmp_path / f"{one}.json").read_text()) for one in ("rest", "again", "whole"))
    assert 0 < resumed["resumed"] < len(resumed["schedules"]) == twice["resumed"]
    for one in (resumed, twice):
        assert _verdicts(one) == _verdicts(report)
        assert one["explored"] == report["explored"]


def _verdicts(report: Any) -> Any:
    """What must not depend on whether it was interrupted."""
    schedules = {}
    for one in report["schedules"]:
        # What a workflow waits for that does not end is chance: it asks again and again.
        broken = [text.partition("; it was waiting for ")[0] for text in one["broken"]]
        schedules[one["name"]] = one["verdict"], broken
    first = [one for one in report["findings"] if one["same_as"] is None]
    return schedules, {one["invariant"]: one["schedule"].partition(":")[0] for one in first}


async def test_what_has_changed_is_not_resumed(tmp_path: Path) -> None:
    """What was explored before is not true of it, and the file is named."""
    project = make_project(tmp_path)
    first = await harness_ended("explore", "till:Order", "--input", '"TOKEN"', cwd=project)
    same = await harness_ended("explore", "till:Order", "--input", '"TOKEN"', "--resume", cwd=project)
    (project / "till.py").write_text((project / "till.py").read_text() + "# mended\n", encoding="utf-8")
    changed = await harness_ended("explore", "till:Order", "--input", '"TOKEN"', "--resume", cwd=project)

    assert first.code == same.code == 0, first.out + first.err
    assert "of them before" in same.out
    assert changed.code == 2
    assert "till.py has changed" in changed.err


async def test_a_finding_that_is_saved_holds_a_merge_back_until_it_is_mended(tmp_path: Path) -> None:
    """The gate finds the file, is red while the bug stands, and green afterwards; it can be listed and explained."""
    project = make_project(tmp_path)
    till = project / "till.py"
    (project / "scenarios").mkdir()
    found = await harness_ended(
        "explore", "target.py", "--only", "charge#1:lost_last", "--save", "scenarios/found", cwd=project
    )
    listed = await harness_ended("list", "--json", cwd=project)
    explained = await harness_ended("explain", "found/*", cwd=project)
    broken = await harness_ended("gate", cwd=project)
    mended = till.read_text(encoding="utf-8").replace(
        "# MEND", "await workflow.execute_activity(refund, order, start_to_close_timeout=WITHIN)"
    )
    till.write_text(mended, encoding="utf-8")
    sound = await harness_ended("gate", cwd=project)

    assert found.code == 1, found.out + found.err
    (saved,) = [one["name"] for one in json.loads(listed.out)]
    assert saved.startswith("found/target_charge_1_")
    assert (explained.code, saved in explained.out) == (0, True), explained.err
    assert broken.code == 1, broken.out + broken.err
    assert "undone_on_failure(charge, refund): charge is not undone" in broken.out
    assert sound.code == 0, sound.out + sound.err


async def test_an_activity_that_never_lets_go_is_named() -> None:
    """Also one that no ordinary exception ends; and nothing is left running."""
    ended = await harness_explore("tests.explored.odd:Hangs")

    assert ended.code == 1
    assert "lets_others_go_on: hang blocked the event loop" in ended.out
    assert "odd.py" in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_a_campaign_goes_on_after_an_activity_that_never_lets_go() -> None:
    """Which only its second attempt does: the schedule is judged, and so are the others."""
    call = "hang_when_asked_again#1"
    only = [word for kind in ("error", "non_retryable") for word in ("--only", f"{call}:{kind}")]
    ended = await harness_explore("tests.explored.odd:HangsWhenAskedAgain", *only, "--watch")

    assert ended.code == 1
    assert re.search(rf"FAILED +{call}:error", ended.out)
    assert re.search(rf"PASSED +{call}:non_retryable", ended.out)
    assert "explored 2 of 2 singles" in ended.out


async def test_an_activity_that_blocks_the_loop_for_long_and_returns_is_a_finding_and_no_more() -> None:
    """All schedules are explored, and the summary comes."""
    ended = await harness_explore("tests.explored.odd:BlocksForLong", "--only", "block_for_long#1:error")

    assert ended.code == 1
    assert re.search(
        r"lets_others_go_on: block_for_long blocked the event loop at .*odd\.py:\d+ for \d\.\d s", ended.out
    )
    assert "explored 1 of 1 singles" in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_a_slow_reset_is_only_slow(tmp_path: Path) -> None:
    """It blocks the event loop, and is no activity: nothing is wrong with the application."""
    project = make_project(tmp_path)
    target = (project / "target.py").read_text(encoding="utf-8")
    slow = target.replace("given=str,", "given=str, reset=lambda token: time.sleep(3),")
    (project / "target.py").write_text(f"import time\n{slow}", encoding="utf-8")
    ended = await harness_ended("explore", "target.py", "--only", "charge#1:error", cwd=project)

    assert ended.code == 0, ended.out + ended.err
    assert "explored 1 of 1 singles" in ended.out


async def test_code_that_holds_the_interpreter_ends_the_process_with_a_sentence() -> None:
    """With its line, how far the exploration came, and the exit code of what proves nothing."""
    ended = await harness_explore("tests.explored.odd:HoldsTheInterpreter")

    assert ended.code == 4
    assert re.search(r"INCONCLUSIVE explored nothing .*odd\.py:\d+ holds the Python interpreter", ended.out)
    assert "most recent call first" not in ended.out + ended.err


async def test_a_thread_that_never_comes_back_is_not_waited_for() -> None:
    """The workflow gives it up, and so does the exploration."""
    ended = await harness_explore("tests.explored.odd:SleepsInAThread", "--only", "sleep_in_a_thread#1:non_retryable")

    assert ended.code == 0, ended.out + ended.err
    assert "explored 1 of 1 singles" in ended.out


async def test_an_invariant_that_raises_has_told_nothing(tmp_path: Path) -> None:
    """It is INCONCLUSIVE and named, and no traceback."""
    project = make_project(tmp_path)
    target = (project / "target.py").read_text(encoding="utf-8")
    wrong = target.replace("[undone_on_failure(till.charge, till.refund)]", "[lambda run: run.world['money'] > 0]")
    (project / "target.py").write_text(wrong, encoding="utf-8")
    ended = await harness_ended("explore", "target.py", cwd=project)

    assert ended.code == 4
    assert "itself failed: TypeError" in ended.out
    assert "INCONCLUSIVE" in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_a_budget_of_nothing_is_refused() -> None:
    """Before anything is started."""
    ended = await harness_explore("tests.explored.odd:NeverEnds", "--budget", "0s")

    assert ended.code == 2
    assert "--budget must be longer than 0, got '0s'" in ended.err


async def test_what_the_application_prints_is_kept_beside_the_runs(tmp_path: Path) -> None:
    """The terminal has the report, and nothing else."""
    project = make_project(tmp_path)
    till = project / "till.py"
    noisy = till.read_text(encoding="utf-8").replace(
        'return f"charged {order}"', 'print("charging", order)\n    return f"charged {order}"'
    )
    till.write_text(noisy, encoding="utf-8")
    only = ["--only", "charge#1:error", "--runs", "runs"]
    ended = await harness_ended("explore", "till:Order", "--input", '"TOKEN"', *only, cwd=project)

    assert ended.code == 0, ended.out + ended.err
    assert "charging" not in ended.out + ended.err
    assert "charging" in (project / "runs" / "explore-application.log").read_text(encoding="utf-8")
