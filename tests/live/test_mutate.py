"""`harness mutate` on a small project: what scenarios notice, what they do not, and a checkout that stays as it is."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import pytest

from tests.live.commands import Ended, begin, write_files
from tests.unit.reports.schemas import valid

WITHIN = 300.0
"""How long a session may take, in seconds, on a busy machine."""

FILES = {
    "pyproject.toml": """
        [tool.harness]
        scenarios = ["trials"]
        fakes = []
        """,
    "trials/__init__.py": "",
    "trials/hello/__init__.py": "",
    "trials/hello/workflow.py": '''
        """Says hello to whoever has a name."""

        from datetime import timedelta

        from temporalio import workflow
        from temporalio.exceptions import ApplicationError


        @workflow.defn
        class Hello:
            @workflow.run
            async def run(self, name: str) -> str:
                if not name:
                    raise ApplicationError("no name", type="NoName", non_retryable=True)
                await workflow.sleep(timedelta(milliseconds=1))
                return f"hello {name}"

            @workflow.update
            async def rest(self) -> None:
                await workflow.sleep(timedelta(seconds=1))
        ''',
    "trials/hello/greets.py": '''
        """It says hello."""

        from harness import Application, Outcome, Scenario
        from trials.hello.workflow import Hello

        scenario = Scenario(
            application=Application(workflows=[Hello]),
            workflow=Hello.run,
            given="Ada",
            expects=[Outcome(result="hello Ada")],
        )
        ''',
    "trials/hello/refuses.py": '''
        """It refuses to greet nobody."""

        from dataclasses import replace

        from harness import Outcome, Status
        from trials.hello import greets

        scenario = replace(greets.scenario, given="", expects=[Outcome(status=Status.FAILED)])
        ''',
    "trials/hello/wrong.py": '''
        """It expects what it does not get."""

        from dataclasses import replace

        from harness import Outcome
        from trials.hello import greets

        scenario = replace(greets.scenario, expects=[Outcome(result="goodbye")])
        ''',
}


async def harness(*arguments: str | Path, cwd: Path) -> Ended:
    """Run the command line to its end."""
    return await (await begin("harness", *arguments, cwd=cwd)).end(within=WITHIN)


def content(folder: Path) -> dict[str, str]:
    """A hash of each file of the project; compiled code and run folders are not its own."""
    files = (path for path in folder.rglob("*") if path.is_file() and not {"runs", "__pycache__"} & {*path.parts})
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def test_each_mutant_gets_its_fate(tmp_path: Path) -> None:
    """Convicted with scenario and oracle, survived with the diff, and unseen where no scenario runs the lines."""
    project = write_files(tmp_path, FILES)
    before = content(project)

    ended = await harness("mutate", "--json", tmp_path / "runs" / "report.json", cwd=project)

    report = valid("mutate", json.loads((project / "runs" / "report.json").read_text()))
    fates = {one["name"]: one for one in report["mutants"]}
    refusal, unseen = fates["Hello.run: validation_dropped"], fates["Hello.rest: sleep_dropped"]
    assert (refusal["fate"], refusal["scenario"], refusal["oracle"]) == ("convicted", "hello/refuses", "outcome")
    assert fates["Hello.run: sleep_dropped"]["fate"] == "survived"
    assert fates["Hello.run: sleep_dropped"]["ran"] == ["hello/greets"], "the other one refuses before it sleeps"
    assert (unseen["fate"], unseen["ran"]) == ("survived", [])
    assert [one.partition(":")[0] for one in report["not_passing"]] == ["hello/wrong"]
    assert ended.code == 1, ended.err
    assert "-        await workflow.sleep(timedelta(milliseconds=1))" in ended.out
    assert content(project) == before


async def test_nothing_is_left_of_a_session_that_is_killed(tmp_path: Path) -> None:
    """No process, and no bug in the checkout."""
    project = write_files(tmp_path, FILES)
    before = content(project)
    command = await begin("harness", "mutate", "-j", "1", cwd=project)
    assert command.process.stdout is not None
    async with asyncio.timeout(WITHIN):
        assert b"first, 3 scenarios" in await command.process.stdout.readline()
        assert b"[1/" in await command.process.stdout.readline()

    command.process.kill()
    await command.process.wait()

    async with asyncio.timeout(WITHIN):
        while command.descendants():  # noqa: ASYNC110 - a process table tells nobody
            await asyncio.sleep(0.01)
    assert content(project) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.py"], "nothing.py does not exist."),
        (["pyproject.toml"], "no scenario imports pyproject.toml"),
        (["--diff", "HEAD"], "--diff HEAD: git merge-base failed"),
        (["--budget", "soon"], "'soon' is not a duration"),
    ],
)
async def test_a_mistake_is_a_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    """And nothing runs."""
    ended = await harness("mutate", *arguments, cwd=write_files(tmp_path, FILES))

    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


async def test_a_project_with_nothing_but_tests(tmp_path: Path) -> None:
    """Its pytest files are named, and the one that fails convicts."""
    files = {
        "app.py": """
            from temporalio import activity
            from temporalio.exceptions import ApplicationError


            @activity.defn
            def charge(amount: int) -> int:
                if amount < 0:
                    raise ApplicationError("negative", type="Negative")
                return amount
            """,
        "tests/test_app.py": """
            import pytest

            import app


            def test_negative():
                with pytest.raises(app.ApplicationError):
                    app.charge(-1)


            def test_positive():
                assert app.charge(1) == 1
            """,
    }
    project = write_files(tmp_path, files)

    ended = await harness("mutate", "--tests", "tests", "--json", "runs/report.json", cwd=project)

    fates = {one["name"]: one for one in json.loads((project / "runs" / "report.json").read_text())["mutants"]}
    refusal = fates["charge: validation_dropped"]
    assert (refusal["fate"], refusal["scenario"]) == ("convicted", "pytest tests/test_app.py"), ended.err
    assert refusal["title"].startswith("FAILED tests/test_app.py::test_negative")
    assert fates["charge: error_type_lost"]["fate"] == "survived"
    assert fates["charge: threshold_one_off"]["fate"] == "survived", "nothing is said of 0"
