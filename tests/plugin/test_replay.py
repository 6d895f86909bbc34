"""Recorded histories in somebody else's tests: the marker replays them, and what is red fails the test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict

from tests.unit.replay.made_histories import event, history, payload

WORKFLOW = """
from temporalio import workflow

@workflow.defn
class Shop:
    @workflow.run
    async def run(self) -> str:
        return "{result}"
"""

TESTS = """
import pytest

@pytest.mark.replay("histories", workflows=["app"], strict=True)
async def test_marked():
    pass

@pytest.mark.replay("histories", workflows=["app:Nobody"])
def test_mistaken():
    pass

@pytest.mark.replay("histories", workflow=["app"])
def test_misspelt():
    pass

@pytest.mark.replay("histories", workflows="app", plugins="app:plugin")
def test_text():
    pass
"""

PYPROJECT = """
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "session"
pythonpath = ["."]
addopts = ["--strict-markers"]
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A repository with one recorded history."""
    root = pytester.path
    ended = event("WORKFLOW_EXECUTION_COMPLETED")
    ended.workflow_execution_completed_event_attributes.result.payloads.append(payload("done"))
    (root / "histories").mkdir()
    data = {"events": [MessageToDict(one) for one in history(ended)]}
    (root / "histories" / "shop.json").write_text(json.dumps(data), encoding="utf-8")
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "test_histories.py").write_text(TESTS, encoding="utf-8")
    return root


@pytest.mark.parametrize(("result", "passed"), [("done", 1), ("other", 0)])
def test_a_marked_test_begins_with_a_replay(project: Path, pytester: pytest.Pytester, result: str, passed: int) -> None:
    """And fails with what is red; a mistake fails it, too, in one sentence."""
    (project / "app.py").write_text(WORKFLOW.format(result=result), encoding="utf-8")
    ended = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    ended.assert_outcomes(passed=passed, failed=4 - passed)
    words = [] if passed else ["*result was 'done', is now 'other'*"]
    ended.stdout.fnmatch_lines(
        [
            *words,
            "*unknown workflow in app 'Nobody'*",
            "*the mark `replay` has invalid arguments*",
            "*plugins must be a list of texts, got 'app:plugin'.*",
        ]
    )


PLUGGED = """
from temporalio.plugin import SimplePlugin


class Refused(Exception):
    pass


plugin = SimplePlugin("app", workflow_failure_exception_types=[Refused])
"""

REFUSING = """
from temporalio import workflow
from parts import Refused

@workflow.defn
class Shop:
    @workflow.run
    async def run(self) -> str:
        raise Refused("no")
"""


@pytest.mark.parametrize(
    ("options", "passed"), [('plugins=["parts:plugin"]', 1), ('failure_types=["parts:Refused"]', 1), ("", 0)]
)
def test_the_mark_takes_what_the_worker_is_built_with(pytester: pytest.Pytester, options: str, passed: int) -> None:
    """As the command does: without the plugin the workflow's error would not end it."""
    failed = event("WORKFLOW_EXECUTION_FAILED")
    failed.workflow_execution_failed_event_attributes.failure.message = "no"
    failed.workflow_execution_failed_event_attributes.failure.application_failure_info.type = "Refused"
    data = {"events": [MessageToDict(one) for one in history(failed)]}
    (pytester.path / "shop.json").write_text(json.dumps(data), encoding="utf-8")
    (pytester.path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (pytester.path / "parts.py").write_text(PLUGGED, encoding="utf-8")
    (pytester.path / "app.py").write_text(REFUSING, encoding="utf-8")
    (pytester.path / "test_it.py").write_text(
        f"""
import pytest

@pytest.mark.replay("shop.json", workflows=["app"], {options})
def test_it():
    pass
""",
        encoding="utf-8",
    )
    ended = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    ended.assert_outcomes(passed=passed, failed=1 - passed)
