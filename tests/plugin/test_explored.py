"""A target as a test: it passes, or each broken promise is a sub-test that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.test_plugin import PYPROJECT

APPLICATION = """
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy


@activity.defn
async def charge(order: str) -> str:
    return f"charged {order}"


@activity.defn
async def ship(order: str) -> str:
    return f"shipped {order}"


@activity.defn
async def refund(order: str) -> str:
    return f"refunded {order}"


@workflow.defn
class Order:
    @workflow.run
    async def run(self, order: str) -> str:
        for step in (charge, ship):
            await workflow.execute_activity(
                step, order, start_to_close_timeout=timedelta(seconds=9), retry_policy=RetryPolicy(maximum_attempts=2)
            )
        return order
"""

TESTS = """
import app
from harness import Target, undone_on_failure

SOUND = Target(workflows=[app.Order], activities=[app.charge, app.ship], workflow=app.Order.run, given=str)
BROKEN = Target(
    workflows=[app.Order],
    activities=[app.charge, app.ship, app.refund],
    workflow=app.Order.run,
    given=str,
    invariants=[undone_on_failure(app.charge, "refund")],
)


async def test_sound(explored):
    found = await explored(SOUND)
    # Nine kinds at each of two calls, and three things that the workflow hears of: its start, and each answer.
    assert len(found.judged) == 2 * 9 + 3


async def test_broken(explored):
    await explored(BROKEN)
"""


def test_a_target_is_a_test(pytester: pytest.Pytester) -> None:
    """The sound one passes; of the broken one the promise is a sub-test, and its story the message."""
    root: Path = pytester.path
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "app.py").write_text(APPLICATION, encoding="utf-8")
    (root / "test_explored.py").write_text(TESTS, encoding="utf-8")

    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    ran.assert_outcomes(passed=1, failed=2 if hasattr(pytest, "Subtests") else 1)
    ran.stdout.fnmatch_lines(["*undone_on_failure(charge, refund)*", "*what went wrong: ship#1*"])


def test_a_workflow_that_the_sandbox_refuses_is_told_in_a_sentence(pytester: pytest.Pytester) -> None:
    """The import and what to do, without a traceback."""
    (pytester.path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (pytester.path / "app.py").write_text(f"import requests\n{APPLICATION}", encoding="utf-8")
    (pytester.path / "test_target.py").write_text(
        """
import app
from harness import Target

TARGET = Target(workflows=[app.Order], activities=[app.charge, app.ship], workflow=app.Order.run, given=str)


async def test_it(explored):
    await explored(TARGET)
""",
        encoding="utf-8",
    )

    ended = pytester.runpytest_subprocess("-q")

    assert ended.ret == 1
    ended.stdout.fnmatch_lines(["harness: the workflow sandbox refuses Order: app.py:1 (`import requests`) reaches *"])
    ended.stdout.no_fnmatch_line("*Traceback*")


def test_a_target_has_a_server_that_knows_its_search_attributes(pytester: pytest.Pytester) -> None:
    """As on the command line."""
    (pytester.path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (pytester.path / "app.py").write_text(
        """
from temporalio import workflow
from temporalio.common import SearchAttributeKey

STATE = SearchAttributeKey.for_keyword("OrderState")


@workflow.defn
class Order:
    @workflow.run
    async def run(self, order: str) -> None:
        workflow.upsert_search_attributes([STATE.value_set("new")])
""",
        encoding="utf-8",
    )
    (pytester.path / "test_target.py").write_text(
        """
import app
from harness import Target

TARGET = Target(workflows=[app.Order], workflow=app.Order.run, given=str, search_attributes=[app.STATE])


async def test_it(explored):
    await explored(TARGET)
""",
        encoding="utf-8",
    )

    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)
