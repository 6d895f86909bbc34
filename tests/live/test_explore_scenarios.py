"""`harness explore` with a scenario as target: its requests, its workers, its interruptions."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import psutil
import pytest

from tests.live.commands import begin
from tests.live.exploring import ROOT, WITHIN, harness_ended, harness_explore

SINGLES = 24
"""How many faults payment's one activity, its one request and the events of its workflow can meet."""


async def test_what_was_interrupted_is_resumed_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Ctrl-C while runs are going on: no process and no folder of theirs is left; the rest is explored then."""
    words = ["explore", "payment/all_well", "--runs", str(tmp_path)]
    command = await begin("harness", *words, "--watch", cwd=ROOT)
    await command.until("PASSED")
    below = psutil.Process(command.process.pid).children(recursive=True)
    command.process.send_signal(signal.SIGINT)
    ended = await command.end(within=WITHIN)
    left = [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    rest = await harness_ended(*words, "--resume", "--json", str(tmp_path / "rest.json"))
    told = json.loads((tmp_path / "rest.json").read_text(encoding="utf-8"))

    assert ended.code == 4
    assert "interrupted" in ended.out
    assert "Traceback" not in ended.err
    assert below
    assert left == []
    assert list(tmp_path.glob("explore-*/")) == []
    assert rest.code == 0, rest.out + rest.err
    assert 0 < told["resumed"] < SINGLES
    assert told["explored"] == [{"faults": 1, "explored": SINGLES, "of": SINGLES}]


async def test_a_second_fault_comes_at_a_request_too(tmp_path: Path) -> None:
    """Pairs of a scenario: the refund's requests, and its worker, once the shipment was refused."""
    report = tmp_path / "report.json"
    options = ["--faults", "2", "--calls", "1", "--baseline", "explore-baseline.toml", "--json", str(report)]
    ended = await harness_explore("worker_loss/all_well", *options)
    told = json.loads(report.read_text(encoding="utf-8"))
    pairs = {one["name"]: one for one in told["schedules"] if "," in one["name"]}

    assert ended.code == 0, ended.out + ended.err
    at_the_undo = {name.rpartition(",")[2] for name in pairs}
    assert at_the_undo >= {"payments.refund#1:lost_reply", "refund#1:killed_before", "refund#1:lost"}
    assert [one for one in pairs.values() if one["excluded"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["payment/all_well", "--only", "payment.charge#1:reset"], "Did you mean 'payments.charge'?"),
        (["payment/all_well", "--only", "a#1:killed_after,a#1:lost"], "kills the worker"),
        (["tests/explored/shop_target.py", "--only", "bank.charge#1:reset"], "only a scenario has"),
        (["tests/explored/shop_target.py", "--toxiproxy-provider", "embedded"], "servers that only a scenario uses"),
    ],
)
async def test_what_cannot_be_performed_is_one_paragraph(words: list[str], told: str) -> None:
    """Before anything is performed."""
    ended = await harness_explore(*words)

    assert ended.code == 2
    assert told in ended.err
    assert "Traceback" not in ended.err
