"""What an installed distribution brings is used from the command line: nothing of it is copied or listed anywhere."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import httpx2
import pytest

from harness.services.service import CONTROL
from tests.distributions import install, install_example
from tests.live.commands import begin, harness, make_project

BOILS = '''
    """A teapot answers once, and the kettle is asked again."""

    from acme_harness import FirstCall, Kettles, NeverATeapot, Teapot
    from harness import Application, Outcome, Scenario
    from trials.doors._kettle import Boil, activities

    scenario = Scenario(
        application=Application(workflows=[Boil], activities=activities),
        workflow=Boil.run,
        uses=[Kettles],
        faults=[Teapot(on=Kettles.boil, when=FirstCall())],
        expects=[Outcome(result="boiled"), NeverATeapot(of=Kettles.boil)],
    )
    '''

KETTLE = '''
    """Boils water, and does not give up."""

    from datetime import timedelta

    from temporalio import activity, workflow
    from temporalio.common import RetryPolicy

    with workflow.unsafe.imports_passed_through():
        from urllib.request import Request, urlopen


    def activities(kettles: str) -> list[object]:
        @activity.defn(name="boil")
        def boil() -> str:
            with urlopen(Request(f"{kettles}/boil", method="POST"), timeout=5):
                return "boiled"

        return [boil]


    @workflow.defn
    class Boil:
        @workflow.run
        async def run(self) -> str:
            return await workflow.execute_activity(
                "boil",
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=10)),
            )
    '''


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in whose environment the example is installed."""
    site = tmp_path / "site"
    install_example(site)
    monkeypatch.setenv("PYTHONPATH", str(site))
    return make_project(tmp_path / "project", boils=BOILS, _kettle=KETTLE)


async def test_a_scenario_is_written_with_what_a_distribution_brings(project: Path) -> None:
    """Its fault fires by its trigger, its oracle judges the run and the kept run, its report is written."""
    lines = project / "lines.txt"
    ran = await harness("run", "doors/boils", "--report", f"acme={lines}", cwd=project)
    [folder] = [one for one in (project / "runs").iterdir() if one.is_dir()]
    judged = await harness("judge", folder, cwd=project)

    assert ran.code == 1, ran.out + ran.err
    assert "kettles.boil#1 was answered by a teapot." in ran.out
    assert lines.read_text(encoding="utf-8") == "doors/boils FAILED\n"
    assert judged.code == 1, judged.out + judged.err
    assert "kettles.boil#1 was answered by a teapot." in judged.out
    reported = await harness("report", folder, "--report", f"acme={lines}", cwd=project)
    assert (reported.code, lines.read_text(encoding="utf-8")) == (1, "do not merge: 1 reason\n")


async def test_its_classes_are_listed(project: Path) -> None:
    """With what is imported, and the distribution."""
    faults = await harness("list", "--kinds", "faults", cwd=project)
    oracles = await harness("list", "--kinds", "oracles", "--json", cwd=project)
    reports = await harness("list", "--kinds", "reports", cwd=project)
    fakes = await harness("fake", cwd=project)

    [line] = [one for one in faults.out.splitlines() if "acme" in one]
    assert line.split(maxsplit=1) == [
        "acme_harness.Teapot",
        "The service answers that it is a teapot. (acme-harness 1.2)",
    ]
    assert "harness.HttpError" in faults.out
    assert json.loads(oracles.out)[-1] == {
        "name": "never_a_teapot",
        "imported": "acme_harness.NeverATeapot",
        "distribution": "acme-harness 1.2",
        "summary": "No call of an operation was answered by a teapot.",
    }
    assert reports.out == "acme_harness.Lines  A line for each run, and one for the decision. (acme-harness 1.2)\n"
    assert [one.split()[0] for one in fakes.out.splitlines()] == ["doors", "kettles"]


async def test_its_fake_runs_by_hand_with_its_fault_and_its_trigger(project: Path) -> None:
    """Armed over HTTP by their names."""
    running = await begin("harness", "fake", "kettles", cwd=project)
    url = (await running.until("kettles at")).rsplit(maxsplit=1)[-1].strip()
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
        fault = {"kind": "teapot", "on": "boil", "when": {"kind": "first_call"}}
        armed = await client.post(f"{CONTROL}/faults", json=fault)
        answers = [(await client.post("/boil")).status_code for _ in range(2)]
        unknown = await client.post(f"{CONTROL}/faults", json={"kind": "teapots", "on": "boil"})
    running.process.send_signal(signal.SIGTERM)

    assert (armed.status_code, armed.json()) == (201, {"name": "teapot@kettles.boil"})
    assert answers == [418, 200]
    assert "Did you mean 'teapot'?" in unknown.json()["error"]
    assert (await running.end()).code == 0


async def test_what_is_broken_hides_nothing_else(project: Path) -> None:
    """A sentence names the distribution, with exit code 2, where it is asked for or listed; the doctor finds it."""
    site = Path(os.environ["PYTHONPATH"])
    install(
        site,
        "acme-broken",
        {
            "fakes": {"urns": "acme_gone:Urns", "kettles": "acme_gone:Kettles", "doors": "acme_gone:Doors"},
            "reports": {"loud": "acme_loud:Loud"},
        },
        acme_loud="""
            class Loud:
                \"\"\"Shouts.\"\"\"

                def __init__(self, path):
                    pass

                def notify(self, event):
                    raise LookupError("too loud")
            """,
    )
    listed = await harness("fake", cwd=project)
    urns = await harness("fake", "urns", cwd=project)
    twice = await harness("fake", "kettles", cwd=project)
    nowhere = await harness("run", "doors/holds", "--report", "quiet=x", cwd=project)
    loud = await harness("run", "doors/holds", "--report", f"loud={project / 'x'}", cwd=project)

    assert listed.code == urns.code == twice.code == nowhere.code == 2
    assert [one.split()[0] for one in listed.out.splitlines()] == ["doors"]
    assert "fake 'urns' of acme-broken 1.0 (acme_gone:Urns) cannot be imported: ModuleNotFoundError" in urns.err
    assert urns.err.removeprefix("harness: ").strip() in listed.err
    assert "of acme-broken 1.0" in twice.err
    assert "of acme-harness 1.2" in twice.err
    assert nowhere.err == "harness: unknown report of an installed distribution 'quiet'. Available: acme, loud.\n"
    # The run is judged all the same, and its own reports are written.
    assert loud.code == 3
    assert "1 passed" in loud.out
    assert "report 'loud' of acme-broken 1.0 (acme_loud:Loud) is broken: LookupError: too loud (" in loud.err
    assert loud.err.count("too loud") == 1
    # A project's own fake goes before one that a distribution brings.
    own = await begin("harness", "fake", "doors", cwd=project)
    assert "doors at" in await own.until("doors at")
    own.process.send_signal(signal.SIGTERM)
    assert (await own.end()).code == 0
