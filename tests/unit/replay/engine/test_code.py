"""The code that is replayed against, by import path."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import UsageError
from harness.replay.engine.code import Code
from harness.workers.interpreter import import_path

EVERY = "tests.live.apps.every_command"


def test_a_module_means_the_workflows_that_it_defines() -> None:
    """And none that it imports."""
    loaded = Code(workflows=("scenarios.deploy.workflow", f"{EVERY}:Fan", f"{EVERY}:Fan")).load()

    assert [one.__name__ for one in loaded.workflows] == ["SendInvoice", "Fan"]
    assert loaded.names == {"SendInvoice", "Fan"}
    assert not loaded.dynamic


def test_a_converter_is_found_by_its_path() -> None:
    """A value."""
    code = Code(workflows=(f"{EVERY}:Fan",), data_converter="temporalio.contrib.pydantic:pydantic_data_converter")

    assert code.load().data_converter.payload_converter_class.__name__ == "PydanticPayloadConverter"


def test_every_mistake_is_told_at_once() -> None:
    """With what there is instead, or where it went wrong."""
    code = Code(workflows=("nowhere", f"{EVERY}:Paretn", f"{EVERY}:QUICK", "json"), codec="json:loads")

    with pytest.raises(UsageError) as told:
        code.load()
    text = str(told.value)
    assert "the module nowhere does not import: ModuleNotFoundError" in text
    assert "unknown workflow" in text
    assert "Did you mean 'Parent'" in text
    assert "QUICK is not a workflow" in text
    assert "json defines no workflow" in text
    assert "json:loads is not a PayloadCodec" in text


def test_the_src_layout_is_found(tmp_path: Path) -> None:
    """Unless src is a package itself."""
    (tmp_path / "src").mkdir()

    assert import_path(tmp_path) == (str(tmp_path), str(tmp_path / "src"))
    (tmp_path / "src" / "__init__.py").touch()
    assert import_path(tmp_path) == (str(tmp_path),)


def test_no_workflows_are_a_mistake() -> None:
    """Nothing could be replayed."""
    with pytest.raises(UsageError, match="--workflows"):
        Code(workflows=()).load()
