"""The command line's exit code and words are right in every case; a user's mistake never shows a traceback."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from harness.environment.open import Environment
from tests.live.commands import FAILS, NEVER_FIRES, Ended, harness, make_project
from tests.unit.reports.sarif_files import place_in, results_in
from tests.unit.reports.schemas import valid

NOBODY = "127.0.0.1:1"
"""An address where nobody listens."""


def on(environment: Environment) -> list[str]:
    """Return the options that have a command use servers that are up already."""
    return ["--temporal", environment.temporal.address, "--toxiproxy", environment.toxiproxy.address]


def one_paragraph(ended: Ended) -> str:
    """Return what a command said of the user's mistake, in one paragraph without a traceback."""
    assert "Traceback" not in ended.err + ended.out
    assert ended.err.startswith(("harness: ", "Usage: "))
    assert "\n\n" not in ended.err.strip()
    return ended.err


async def test_green(tmp_path: Path) -> None:
    """A gate over scenarios that hold ends with 0, on servers of its own, and leaves reports and run folders."""
    project = make_project(tmp_path)

    ended = await harness("gate", "--junit", "junit.xml", "--json", "report.json", cwd=project)

    assert (ended.code, ended.err) == (0, "")
    assert "PASSED       doors/holds" in ended.out
    report = json.loads((project / "report.json").read_text(encoding="utf-8"))
    assert (report["verdict"], [run["name"] for run in report["runs"]]) == ("PASSED", ["doors/holds"])
    assert (project / report["runs"][0]["folder"] / "story.md").is_file()
    assert 'name="holds"' in (project / "junit.xml").read_text(encoding="utf-8")


async def test_a_run_writes_what_a_program_reads(harness_environment: Environment, tmp_path: Path) -> None:
    """Where the command says, besides the session's folder: the session, and each finding at its scenario."""
    project = make_project(tmp_path, other=FAILS)
    files = [word for form in ("json", "junit", "sarif") for word in (f"--{form}", f"out.{form}")]
    ended = await harness("run", "doors/*", *files, *on(harness_environment), cwd=project)
    session = valid("report", json.loads((project / "out.json").read_text(encoding="utf-8")))
    [found] = results_in(project / "out.sarif")
    declared = (project / "trials" / "doors" / "other.py").read_text(encoding="utf-8").splitlines()

    assert ended.code == 1, ended.out + ended.err
    assert [one["verdict"] for one in session["runs"]] == ["PASSED", "FAILED"]
    assert 'failures="1"' in (project / "out.junit").read_text(encoding="utf-8")
    line = next(number for number, text in enumerate(declared, 1) if text.startswith("scenario = "))
    assert place_in(found) == f"trials/doors/other.py:{line}"


@pytest.mark.parametrize(
    ("trial", "ends", "told"),
    [
        (FAILS, ("FAILED", 1), "outcome: result is 'hello', expected 'goodbye'."),
        (NEVER_FIRES, ("INCONCLUSIVE", 4), "fault_not_fired: the fault http_error@doors.knock never fired"),
    ],
)
async def test_red(
    harness_environment: Environment, tmp_path: Path, trial: str, ends: tuple[str, int], told: str
) -> None:
    """FAILED ends with 1 and INCONCLUSIVE with 4; both hand over the finding, the seed, the folder and the command."""
    project = make_project(tmp_path, other=trial)

    ended = await harness("gate", "--seed", "7", *on(harness_environment), cwd=project)

    verdict, code = ends
    assert ended.code == code
    assert f"{verdict:<12} doors/other" in ended.out
    assert "PASSED       doors/holds" in ended.out
    for line in (told, "seed:    7", "folder:  runs/", "repeat:  harness run doors/other --seed 7"):
        assert line in ended.out


@pytest.mark.parametrize("command", ["run", "explore"])
async def test_a_workflow_module_that_imports_an_http_client(tmp_path: Path, command: str) -> None:
    """A newcomer's first mistake: the line, the import and what to do, in one sentence or two."""
    project = make_project(tmp_path)
    workflow = project / "trials" / "doors" / "workflow.py"
    workflow.write_text(f"import requests\n{workflow.read_text(encoding='utf-8')}", encoding="utf-8")

    ended = await harness(command, "doors/holds", cwd=project)

    assert ended.code == 4
    assert (
        "the workflow sandbox refuses Hello: trials/doors/workflow.py:1 (`import requests`) reaches "
        "http.client.IncompleteRead. Import it inside `with workflow.unsafe.imports_passed_through():`" in ended.out
    )
    assert "Traceback" not in ended.out + ended.err


async def test_unknown_scenario(tmp_path: Path) -> None:
    """An unknown name ends with 2 and says what was probably meant; several at once are told at once."""
    project = make_project(tmp_path)

    ended = await harness("run", "doors/hold", "nothing*", cwd=project)

    assert ended.code == 2
    said = one_paragraph(ended)
    assert "unknown scenario 'doors/hold'. Did you mean 'doors/holds'? Available: doors/holds." in said
    assert "unknown scenario 'nothing*'." in said


async def test_unknown_option(tmp_path: Path) -> None:
    """A mistake in the options ends with 2."""
    ended = await harness("gate", "--concurrenc", "3", cwd=make_project(tmp_path))

    assert ended.code == 2
    assert "No such option" in ended.err
    assert "--concurrency" in ended.err
    assert "Traceback" not in ended.err


async def test_broken_scenario_files(tmp_path: Path) -> None:
    """Every broken file is told with all of its problems, and the others are listed all the same."""
    project = make_project(
        tmp_path,
        not_python="def (",
        raises='"""It cannot be read."""\nraise RuntimeError("no such luck")',
        declares_nothing='"""It is empty."""',
        nonsense="""
            '''It makes no sense.'''
            from dataclasses import replace
            from datetime import timedelta
            from trials.doors import holds

            scenario = replace(holds.scenario, expects=[], deadline=timedelta(0), claims=["saga 1"])
            """,
    )

    listed = await harness("list", cwd=project)
    gated = await harness("gate", cwd=project)

    assert listed.code == 2
    assert "doors/holds  It says hello." in listed.out
    problems = (
        "SyntaxError",
        "RuntimeError: no such luck",
        "declares no scenario",
        "expects is empty",
        "deadline must be positive, got 0 s",
        "claims must be ids such as 'SAGA-001', got 'saga 1'",
    )
    assert [problem for problem in problems if problem not in listed.err] == []
    assert gated.code == 2
    assert [problem for problem in problems if problem not in one_paragraph(gated)] == []
    assert not (project / "runs").exists()


async def test_no_scenarios(tmp_path: Path) -> None:
    """A gate that would run nothing ends with 2, and so does one whose folder is not there."""
    project = make_project(tmp_path)
    shutil.rmtree(project / "trials" / "doors")
    empty = await harness("gate", cwd=project)
    shutil.rmtree(project / "trials")
    gone = await harness("gate", cwd=project)

    assert (empty.code, gone.code) == (2, 2)
    assert "no scenario to run" in one_paragraph(empty)
    assert "does not exist; set the scenario folders" in one_paragraph(gone)


CLAIMS = """
prefix = "DOOR"
title = "Doors"

[[claims]]
id = "DOOR-001"
standing = "holds"
says = "A door that fails is knocked at again."
evidence = "Two knocks."
fault = "503"
"""


async def test_a_scenario_that_proves_an_unknown_claim(tmp_path: Path) -> None:
    """A gate that requires proofs runs nothing: the claim that was meant would stay unproven."""
    project = make_project(tmp_path)
    with (project / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write('claims = ["claims"]\ngate = { must_prove = ["DOOR-*"] }\n')
    (project / "claims").mkdir()
    (project / "claims" / "doors.toml").write_text(CLAIMS, encoding="utf-8")
    holds = project / "trials" / "doors" / "holds.py"
    holds.write_text(
        holds.read_text("utf-8").replace("Scenario(", 'Scenario(\n    claims=["DOOR-002"],'), encoding="utf-8"
    )
    ended = await harness("gate", cwd=project)

    assert ended.code == 2, ended.out + ended.err
    assert "doors/holds: unknown claim 'DOOR-002'" in one_paragraph(ended)
    assert "DOOR-001" in ended.err
    assert not (project / "runs").exists()


async def test_an_address_that_does_not_answer(tmp_path: Path) -> None:
    """A server the user named and that is not there ends with 3; nothing else is used in its place."""
    project = make_project(tmp_path)

    temporal, toxiproxy, both = await asyncio.gather(
        harness("gate", "--temporal", NOBODY, cwd=project),
        harness("gate", "--toxiproxy", NOBODY, cwd=project),
        harness("gate", "--temporal", NOBODY, "--toxiproxy", NOBODY, cwd=project),
    )

    assert (temporal.code, toxiproxy.code, both.code) == (3, 3, 3)
    assert f"no Temporal server answers at {NOBODY}" in one_paragraph(temporal)
    assert NOBODY in one_paragraph(toxiproxy)
    assert "doors/holds" not in temporal.out + toxiproxy.out + both.out


async def test_a_runs_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The gate ends with 3 before anything is started, and says what to do."""
    project = make_project(tmp_path)

    ended = await harness("gate", "--runs", project / "pyproject.toml" / "runs", cwd=project)

    assert ended.code == 3
    assert "cannot be written: Not a directory. Choose another with --runs." in one_paragraph(ended)


async def test_a_report_that_cannot_be_written(harness_environment: Environment, tmp_path: Path) -> None:
    """It is refused before anything runs."""
    project = make_project(tmp_path)

    ended = await harness(
        "gate", "--junit", project / "pyproject.toml" / "junit.xml", *on(harness_environment), cwd=project
    )

    assert ended.code == 3
    said = one_paragraph(ended)
    assert "pyproject.toml/junit.xml cannot be written: Not a directory. Choose another with --junit." in said
    assert not (project / "runs").exists()


BUG = '''
    """Fails its workflow task."""

    from temporalio import workflow


    @workflow.defn
    class Fails:
        @workflow.run
        async def run(self) -> str:
            raise LookupError("a bug")
    '''

STUCK = '''
    """It has a bug."""

    from harness import Application, Outcome, Scenario
    from trials.doors._bug import Fails

    scenario = Scenario(application=Application(workflows=[Fails]), workflow=Fails.run, expects=[Outcome()])
    '''


async def test_what_the_sdk_s_core_warns_of_is_kept(tmp_path: Path) -> None:
    """In the application's log, and not on the terminal."""
    project = make_project(tmp_path, _bug=BUG, stuck=STUCK)

    ended = await harness("run", "doors/stuck", cwd=project)

    [log] = project.glob("runs/*/application.log")
    assert ended.code == 1
    assert "temporalio.core" in log.read_text(encoding="utf-8")
    assert "WARN" not in ended.out + ended.err
