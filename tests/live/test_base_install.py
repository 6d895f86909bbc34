"""An installation without extras: it is small, it replays and records, and it says what the rest needs."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from harness.exit_codes import ENVIRONMENT, FAILED, GREEN, USAGE
from tests.installed import PROJECT, ROOT, install, needed, size
from tests.live.commands import write_files

BOUND = 80_000_000
"""Bytes that the base may take."""

SERVER = "pip install 'temporal-resilience-harness[server]'."
APPLICATION = ["httpx2"]
"""What the reference activities need."""

HELP = """
from click.testing import CliRunner
from harness.cli import cli
from harness.files.naming import kinds_in
for name in kinds_in("commands"):
    result = CliRunner().invoke(cli, [name, "--help"])
    if result.exit_code:
        print(name, repr(result.exception))
"""


@pytest.fixture(scope="module", name="python")
def _python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("base") / "venv", beside=APPLICATION)


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A project with the reference pattern of deploys, and its recorded histories."""
    write_files(tmp_path, {"pyproject.toml": "[tool.harness]\n", "scenarios/__init__.py": ""})
    shutil.copytree(ROOT / "scenarios" / "deploy", tmp_path / "scenarios" / "deploy")
    return tmp_path


async def _run(python: Path, *arguments: str, cwd: Path) -> tuple[int | None, str]:
    """Run a Python and return its exit code, and what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    child = await asyncio.create_subprocess_exec(
        python,
        "-P",
        *arguments,
        cwd=cwd,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await child.communicate()
    return child.returncode, printed.decode()


def test_the_base_takes_no_more_than_80_mb(python: Path) -> None:
    """With all that its dependencies need, and with what is compiled."""
    (package,) = python.parents[1].glob("lib/*/site-packages/harness")
    own = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
    sizes = {name: size([one]) for name, one in needed(PROJECT["dependencies"]).items()}

    assert own + sum(sizes.values()) <= BOUND, {"harness": own, **sizes}


async def test_every_command_prints_its_help(python: Path, tmp_path: Path) -> None:
    """No command's module imports what an extra brings."""
    assert await _run(python, "-c", HELP, cwd=tmp_path) == (GREEN, "")


async def test_it_replays(python: Path, project: Path) -> None:
    """A recorded history against the code, and against code that has changed."""
    replay = ["-m", "harness", "replay", "scenarios/deploy/histories", "--workflows", "scenarios.deploy.workflow"]
    workflow = project / "scenarios" / "deploy" / "workflow.py"

    code, printed = await _run(python, *replay, cwd=project)
    assert (code, printed.startswith("PASSED       1 replays; ")) == (GREEN, True), printed
    text = workflow.read_text(encoding="utf-8")
    workflow.write_text(text.replace("WITHIN = ", "WITHIN = 2 * "), encoding="utf-8")
    code, printed = await _run(python, *replay, "--strict", cwd=project)
    assert code == FAILED, printed


async def test_it_records(python: Path, project: Path) -> None:
    """Until it finds that there is no server."""
    code, printed = await _run(
        python, "-m", "harness", "record", "corpus", "--id", "x", "--temporal", "127.0.0.1:9", cwd=project
    )

    assert (code, "127.0.0.1:9" in printed) == (ENVIRONMENT, True), printed


async def test_the_doctor_says_what_each_extra_is_for(python: Path, project: Path) -> None:
    """What is missing is no failure: a machine may be for replays alone."""
    code, printed = await _run(python, "-m", "harness", "doctor", cwd=project)

    assert code == GREEN, printed
    assert "ok       temporalio" in printed
    assert "For runs, explorations and fakes: pip install 'temporal-resilience-harness[server]'\n" in printed
    assert "pip install 'temporal-resilience-harness[report]'" in printed


@pytest.mark.parametrize(
    "arguments", [("run", "deploy/all_well"), ("explore", "deploy/all_well"), ("gate",), ("init",)]
)
async def test_a_command_that_needs_an_extra_says_so(python: Path, project: Path, arguments: tuple[str, ...]) -> None:
    """In one sentence, before it does anything."""
    code, printed = await _run(python, "-m", "harness", *arguments, cwd=project)

    assert (code, printed.count("\n")) == (USAGE, 1), printed
    assert printed.startswith(f"harness: harness {arguments[0]} needs ")
    assert printed.endswith(f"are not installed: {SERVER}\n")
    assert not (project / "runs").exists()


async def test_pytest_starts_where_it_is_installed_for_others(tmp_path: Path) -> None:
    """The plugin takes part in every session, and needs what it brings only where a scenario is run."""
    python = install(tmp_path / "venv", beside=["pytest"])
    tests = {"test_it.py": "def test_it():\n    pass\n\n\ndef test_scenario(judged):\n    pass\n"}
    project = write_files(tmp_path / "project", tests)

    code, printed = await _run(python, "-m", "pytest", "-q", cwd=project)

    assert code == USAGE, printed
    assert "1 passed" in printed
    assert "which are not installed: pip install 'temporal-resilience-harness[server,pytest]'." in printed
