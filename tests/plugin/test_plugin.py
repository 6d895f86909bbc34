"""The plugin in somebody else's repository: a scenario is a test, and its verdict the outcome."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.commands import WITHIN
from tests.live.leftovers import alive, left_of, marked

WORKFLOW = """
from temporalio import workflow

@workflow.defn
class Greet:
    @workflow.run
    async def run(self, name: str) -> str:
        return f"Hello, {name}"
"""

SCENARIO = '''
"""{summary}"""

from app import Greet
from harness import Application, Outcome, Scenario

scenario = Scenario(
    application=Application(workflows=[Greet]), workflow=Greet.run, given="Ada", expects=[Outcome(result="{result}")]
)
'''

TESTS = """
from harness.pytest_plugin import every_scenario

@every_scenario({pattern})
async def test_scenario(scenario, judged):
    await judged(scenario)
"""

LOGS = """
import logging
from scenarios.greeting.holds import scenario

async def test_it(judged):
    logging.getLogger("app").warning("hello from %s", __name__)
    await judged(scenario)
"""

PYPROJECT = """
[tool.harness]
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "session"
asyncio_default_test_loop_scope = "session"
pythonpath = ["."]
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A repository with one scenario that holds and one that does not."""
    root = pytester.path
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "app.py").write_text(WORKFLOW, encoding="utf-8")
    (root / "scenarios" / "greeting").mkdir(parents=True)
    (root / "scenarios" / "__init__.py").touch()
    (root / "scenarios" / "greeting" / "__init__.py").touch()
    for name, result in (("holds", "Hello, Ada"), ("breaks", "Hello, Bob")):
        text = SCENARIO.format(summary=f"It {name}.", result=result)
        (root / "scenarios" / "greeting" / f"{name}.py").write_text(text, encoding="utf-8")
    return root


SEVERAL_PROCESSES = pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one-process", "xdist"])


def run(pytester: pytest.Pytester, *arguments: str, pattern: str = "") -> pytest.RunResult:
    """Run the repository's tests in a process of their own, as its owner does."""
    (pytester.path / "test_it.py").write_text(TESTS.format(pattern=pattern), encoding="utf-8")
    return pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, timeout=120)


@SEVERAL_PROCESSES
def test_a_verdict_is_an_outcome(pytester: pytest.Pytester, project: Path, workers: list[str]) -> None:
    """The finding is the message, with the command that repeats it; the summary names the folder of the runs."""
    result = run(pytester, "--harness-seed", "7", *workers)

    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*greeting/breaks is FAILED*",
            "*outcome: result is 'Hello, Ada', expected 'Hello, Bob'.*",
            "*repeat: pytest *greeting/breaks* --harness-seed 7*",
            "harness: 2 scenario runs: 1 passed, 1 failed; run folders in *",
        ]
    )
    assert (project / "runs" / "pytest" / "greeting" / "breaks" / "story.md").is_file()


@SEVERAL_PROCESSES
def test_each_test_has_its_folder_and_each_process_its_log(
    pytester: pytest.Pytester, project: Path, workers: list[str]
) -> None:
    """Tests of several files may have one name; what one process logs is in no other's file."""
    for name in ("test_one", "test_two"):
        (project / f"{name}.py").write_text(LOGS, encoding="utf-8")
    result = pytester.run(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--dist=loadfile", *workers, timeout=240
    )
    runs = project / "runs" / "pytest"
    logs = [one.read_text(encoding="utf-8") for one in runs.glob("**/application.log")]

    result.assert_outcomes(passed=2)
    assert sorted(one.parent.name for one in runs.glob("pytest/*/test_it/evidence.json")) == ["test_it", "test_it"]
    assert sorted(one.parts[-3] for one in runs.glob("pytest/*/test_it/evidence.json")) == ["test_one", "test_two"]
    assert all(len([*one.glob("*/*.json")]) == 1 for one in runs.glob("pytest/*/test_it/histories"))
    assert "".join(logs).count("WARNING app hello from test_one") == 1
    assert "".join(logs).count("WARNING app hello from test_two") == 1
    assert len(logs) == (2 if workers else 1)
    assert all((one.parent / "temporal.log").is_file() for one in runs.glob("**/application.log"))


def test_scenarios_are_chosen_by_name(pytester: pytest.Pytester, project: Path) -> None:
    """By a glob in the file, or with -k on the command line."""
    globbed = run(pytester, pattern='"*/holds"')
    chosen = run(pytester, "-k", "holds")

    globbed.assert_outcomes(passed=1)
    chosen.assert_outcomes(passed=1, deselected=1)
    assert (globbed.ret, chosen.ret) == (0, 0)


def test_an_unknown_name_is_told_without_a_traceback(pytester: pytest.Pytester, project: Path) -> None:
    """What came, and what it was probably meant to be."""
    result = run(pytester, pattern='"greeting/hold"')

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*unknown scenario 'greeting/hold'. Did you mean 'greeting/holds'?*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_no_error_is_a_command_to_ci(pytester: pytest.Pytester, project: Path) -> None:
    """A name of a scenario or of a recording, and what it holds, act on no CI system."""
    mark = r"@pytest.mark.replay('x\n::add-mask::y ##[error]z', workflows=['app'])"
    (project / "test_marked.py").write_text(f"import pytest\n\n{mark}\ndef test_it(): pass\n", encoding="utf-8")
    result = run(pytester, "test_it.py", "test_marked.py", pattern=r'"a\n::set-output name=b::c ##[group]d"')
    marked = pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_marked.py", timeout=120)

    for one, word in ((result, "set-output"), (marked, "add-mask")):
        assert any(word in line for line in one.outlines)
        assert not [line for line in one.outlines if line.lstrip().startswith("::") or "##[" in line]


def test_a_server_that_is_not_there_ends_the_session(pytester: pytest.Pytester, project: Path) -> None:
    """With the exit code of a broken environment; nothing falls back to another server."""
    result = run(pytester, "--temporal", "127.0.0.1:1")

    assert result.ret == 3
    result.stdout.fnmatch_lines(["*harness: no Temporal server answers at 127.0.0.1:1*"])


def test_wishes_without_effect_end_the_session(pytester: pytest.Pytester, project: Path) -> None:
    """With the exit code of a user's mistake."""
    result = run(pytester, "--temporal-namespace", "orders")

    assert result.ret == 2
    result.stdout.fnmatch_lines(["*--namespace orders needs --temporal HOST:PORT.*"])


def test_a_temporal_server_elsewhere_has_to_be_allowed(pytester: pytest.Pytester, project: Path) -> None:
    """The header says what is touched; without permission, the session ends as with any mistake of the user's."""
    result = run(pytester, "--temporal", "192.0.2.77:7233", "--temporal-allow", "192.0.2.78")

    assert result.ret == 2
    result.stdout.fnmatch_lines(
        [
            "harness: Temporal server 192.0.2.77:7233 is not on this machine. The harness would start workflows*",
            "*harness: the Temporal server at 192.0.2.77:7233 is not on this machine's loopback.*",
        ]
    )


def test_sessions_without_scenarios_do_not_pay(pytester: pytest.Pytester) -> None:
    """A project that has the harness installed and runs none of it loads no Temporal SDK."""
    pytester.makepyfile("import sys\n\ndef test_it():\n    assert 'temporalio' not in sys.modules\n")

    result = pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", timeout=120)

    result.assert_outcomes(passed=1)


CLAIMED = """
import pytest

@pytest.mark.claims("CB-001")
@pytest.mark.parametrize("sound", [True, False])
def test_both(sound):
    assert sound

@pytest.mark.claims("CB-001", "CB-002")
def test_sound(): ...
"""


@SEVERAL_PROCESSES
def test_what_marked_tests_say_of_claims_is_kept(project: Path, pytester: pytest.Pytester, workers: list[str]) -> None:
    """By test and claim, the worst of its cases; `harness claims` reads it."""
    (project / "test_it.py").write_text(CLAIMED, encoding="utf-8")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers", *workers)
    kept = json.loads((project / "runs" / "pytest" / "claims.json").read_text(encoding="utf-8"))

    result.assert_outcomes(passed=2, failed=1)
    assert kept == {
        "test_it.py::test_both": {"CB-001": "FAILED"},
        "test_it.py::test_sound": {"CB-001": "PASSED", "CB-002": "PASSED"},
    }


OWN_WORKERS = """
import asyncio
import os
from dataclasses import replace

import pytest
from tests.live.test_own_workers import OWN, reserving

@pytest.mark.parametrize("name", OWN)
async def test_waits(judged, name):
    async def drive(run):
        await run.until("ActivityTaskCompleted")
        print("under way:", name, flush=True)
        await asyncio.Event().wait()

    await judged(replace(reserving(OWN[name]), drive=drive))
"""


# What is started in the background ignores SIGINT, and so do its children.
AT_A_TERMINAL = """
import signal
import sys

import pytest

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("name", ["module", "command", "wrapped", "telling"])
def test_one_ctrl_c_ends_a_session_with_a_custom_worker(pytester: pytest.Pytester, project: Path, name: str) -> None:
    """With pytest's own exit code, no traceback of an exit, and no process left."""
    (project / "test_it.py").write_text(OWN_WORKERS, encoding="utf-8")
    root = Path(__file__).parents[2]
    mark = secrets.token_hex(8)
    running = subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL, "-s", "-p", "no:cacheprovider", "-k", name],
        cwd=project,
        env={**marked(mark), "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    came = ""
    while "under way" not in came:
        line = running.stdout.readline()
        assert line, came
        came += line
    assert len(alive(mark)) > 3

    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=WITHIN)

    assert running.returncode == pytest.ExitCode.INTERRUPTED, came + out
    assert "KeyboardInterrupt" in out
    assert left_of(mark, within=WITHIN) == []
