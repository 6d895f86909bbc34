"""Findings as scenario files: where they go, what is in them, and what is never replaced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.events import now
from harness.explore.model.invariant import Invariant
from harness.explore.save_scenario import refuse_folder, save_findings
from harness.explore.search.exploration import Exploration, SmallestFailure
from harness.settings import Settings
from tests.unit.explore.made import judged_by, ran

KEPT = Invariant(name="undone_on_failure(charge, refund)", check=lambda _: "charge is not undone.")


def explored(*schedules: str, repeats: bool = True, apart: bool = False, target: str = "shop.py") -> Exploration:
    """An exploration with a finding for each of these schedules."""
    judged = [judged_by(ran(schedule=one), [KEPT]) for one in schedules]
    excluded = "the compensation fails" if apart else ""
    findings = [
        SmallestFailure(finding=replace(one.broken[0], excluded=excluded), judged=one, repeats=repeats)
        for one in judged
    ]
    return Exploration(
        target=target,
        began=now(),
        took=now() - now(),
        fault_free=judged_by(ran(), []),
        judged=tuple(judged),
        findings=tuple(findings),
    )


def test_each_schedule_is_a_file_that_declares_a_scenario(tmp_path: Path) -> None:
    """Named after it, in a folder that can be imported; two findings under one schedule are one file."""
    (tmp_path / "shop.py").touch()
    found = explored("charge#1:lost_last", "charge#1:lost_last", "Ship/book#2:error,pay#1:lost", target="till:Order")

    saved = save_findings(found, tmp_path / "scenarios" / "found", root=tmp_path, inputs=['"TOKEN"'])

    assert {path.name: new for path, new in saved.items()} == {
        "order_charge_1_lost_last.py": True,
        "order_ship_book_2_error_pay_1_lost.py": True,
    }
    text = next(iter(saved)).read_text(encoding="utf-8")
    assert text.startswith('"""undone_on_failure(charge, refund) must hold under charge#1:lost_last.\n')
    assert 'explored_scenario("till:Order", "charge#1:lost_last", inputs=[\'"TOKEN"\'])' in text
    assert (tmp_path / "scenarios" / "found" / "__init__.py").read_text(encoding="utf-8") == ""


def test_a_target_file_is_named_from_the_project_s_root(tmp_path: Path) -> None:
    """Wherever the command was given."""
    path, _ = next(
        iter(
            save_findings(
                explored("a#1:lost", target=str(tmp_path / "x" / "shop.py")), tmp_path / "s", root=tmp_path
            ).items()
        )
    )

    assert 'explored_scenario("x/shop.py", "a#1:lost")' in path.read_text(encoding="utf-8")


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Somebody may have written in it."""
    (path,) = save_findings(explored("a#1:lost", target="till:Order"), tmp_path, root=tmp_path)
    path.write_text("mine", encoding="utf-8")

    assert save_findings(explored("a#1:lost", target="till:Order"), tmp_path, root=tmp_path) == {path: False}
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "found",
    [
        explored("a#1:lost", repeats=False, target="till:Order"),
        explored("a#1:down", apart=True, target="till:Order"),
        explored("fault-free", target="till:Order"),
    ],
)
def test_what_proves_nothing_is_not_saved(tmp_path: Path, found: Exploration) -> None:
    """What did not come again, what is excluded, and what fails without any fault."""
    assert save_findings(found, tmp_path, root=tmp_path) == {}


@pytest.mark.parametrize(
    ("folder", "target", "told"),
    [
        ("elsewhere/found", "till:Order", "choose a folder such as scenarios/explored"),
        ("scenarios", "till:Order", "the gate does not look there"),
        ("scenarios/my-finds", "till:Order", "is not a Python identifier"),
        ("scenarios/found", "saga/all_well", "a scenario already"),
        ("scenarios/found", "/elsewhere/shop.py", "of the project"),
    ],
)
def test_a_folder_that_the_gate_would_not_look_into_is_refused(
    tmp_path: Path, folder: str, target: str, told: str
) -> None:
    """Before anything is explored."""
    with pytest.raises(UsageError, match=told):
        refuse_folder(tmp_path / folder, target, root=tmp_path, settings=Settings())


def test_a_folder_of_scenarios_is_taken(tmp_path: Path) -> None:
    """Whether or not it is there yet."""
    refuse_folder(tmp_path / "scenarios" / "found", "till:Order", root=tmp_path, settings=Settings())
