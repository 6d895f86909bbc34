"""How what is to be explored is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.explore.load_target import load_target

ROOT = Path(__file__).parents[3]


def test_a_target_file_is_found_by_its_path() -> None:
    """Below the project's root, by the name it is imported with there."""
    assert load_target("tests/explored/shop_target.py", root=ROOT).workflow is not None


def test_a_workflow_is_found_with_the_activities_near_it() -> None:
    """Those that its module imports a module of."""
    target = load_target("tests.explored.shop.workflow:PlaceOrder", inputs=['{"id": "TOKEN"}'], root=ROOT)

    assert target.arguments("t-1") == [{"id": "t-1"}]
    assert not callable(target.activities)
    assert len(target.activities) == 10


@pytest.mark.parametrize(
    ("text", "inputs", "told"),
    [
        ("shop", (), "is not a target"),
        ("nowhere.py", (), "does not exist"),
        ("tests/explored/shop/workflow.py", (), "declares no target"),
        ("tests/explored/shop_target.py", ("1",), "--input works with"),
        ("tests.explored.nothing:Flow", (), "does not import: ModuleNotFoundError"),
        ("saga/all_wel", (), "Did you mean"),
        ("tests.explored.shop.workflow:PlaceOrders", (), "Did you mean 'PlaceOrder'"),
        ("tests.explored.shop.workflow:PlaceOrder", ("Ada",), "is not JSON"),
        ("scenarios.saga.workflow:BookTrip", (), "write a target file"),
    ],
)
def test_what_cannot_be_found_is_told(text: str, inputs: tuple[str, ...], told: str) -> None:
    """In one paragraph that says what to do."""
    with pytest.raises(UsageError, match=told):
        load_target(text, inputs=inputs, root=ROOT)


def test_a_target_that_is_refused_says_so_with_its_file(tmp_path: Path) -> None:
    """Every problem, no traceback."""
    file = tmp_path / "refused_target.py"
    file.write_text("from harness import Target\ntarget = Target(workflows=[])\n", encoding="utf-8")

    with pytest.raises(UsageError) as raised:
        load_target(str(file), root=ROOT)

    assert all(str(file) in one for one in raised.value.problems)
