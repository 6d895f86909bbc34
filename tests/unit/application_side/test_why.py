"""Why a worker does not start."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from temporalio.worker import Replayer, Worker  # noqa: F401 - loaded before the sandbox is
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import _Definition

from harness.application_side.why import why
from harness.errors import UsageError
from harness.workers.explained import explained

WORKFLOW = """
from temporalio import workflow

{imports}

@workflow.defn
class Order:
    @workflow.run
    async def run(self) -> None:
        pass
"""

Refusal = Callable[[str], BaseException]


@pytest.fixture
def refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """Return the error with which the SDK refuses a workflow whose module begins with these imports."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def refused(imports: str) -> BaseException:
        (tmp_path / "shop_flow.py").write_text(WORKFLOW.format(imports=imports), encoding="utf-8")
        monkeypatch.delitem(sys.modules, "shop_flow", raising=False)
        module: ModuleType = __import__("shop_flow")
        definition = _Definition.must_from_class(module.Order)
        try:
            try:
                SandboxedWorkflowRunner().prepare_workflow(definition)
            except Exception as error:
                raise RuntimeError(f"Failed validating workflow {definition.name}") from error
        except RuntimeError as error:
            return error
        raise AssertionError("the sandbox takes it")

    return refused


@pytest.mark.parametrize("client", ["requests", "urllib3"])
def test_a_workflow_module_that_imports_an_http_client(refusal: Refusal, client: str) -> None:
    """The line, the import, what it reaches and what to do, in one sentence or two."""
    assert why(refusal(f"import {client}")) == (
        f"the workflow sandbox refuses Order: shop_flow.py:4 (`import {client}`) reaches http.client.IncompleteRead. "
        "Import it inside `with workflow.unsafe.imports_passed_through():`, or only in the activities' module."
    )


def test_a_module_that_raises_in_the_sandbox(refusal: Refusal, tmp_path: Path) -> None:
    """Its own words, where it stands."""
    (tmp_path / "shop_odd.py").write_text(
        "from temporalio import workflow\nif workflow.unsafe.in_sandbox():\n    raise KeyError('REGION')\n",
        encoding="utf-8",
    )

    assert why(refusal("import shop_odd")).startswith(
        "the workflow sandbox refuses Order: shop_odd.py:3 (`raise KeyError('REGION')`) raises KeyError: 'REGION'."
    )


def test_any_other_error_is_told_with_those_behind_it() -> None:
    """Outermost first; an error without a text by its name."""
    error = ValueError("two\nlines")
    error.__cause__ = TypeError()

    assert why(error) == "ValueError: two lines <- TypeError"


def test_a_worker_that_cannot_be_built_is_a_mistake_of_the_user() -> None:
    """With the SDK's words."""

    def build(*, activities: int) -> None:
        raise ValueError(f"{activities} activities")

    with pytest.raises(UsageError, match="ValueError: 0 activities") as raised:
        explained(build)(activities=0)

    assert isinstance(raised.value.__cause__, ValueError)
    assert explained(len)("ab") == 2
