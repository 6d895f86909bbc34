"""No secret of a real run is written or printed, and its folder is judged as it was."""

from __future__ import annotations

import json
from pathlib import Path

from tests.live.commands import harness, make_project, write_files
from tests.unit.leaks import leaks, leaks_in

SECRETS = ("hunter2-in-given", "4111 1111 1111 1111", "Zx9-in-activity-error", "Zx9-printed-by-worker", "Zx9-in-header")

FILES = {
    "trials/login/__init__.py": "",
    "trials/login/workflow.py": '''
        """Logs in."""

        from datetime import timedelta

        from temporalio import workflow
        from temporalio.common import RetryPolicy


        @workflow.defn
        class Login:
            @workflow.run
            async def run(self, given: dict[str, str]) -> dict[str, str]:
                once = RetryPolicy(maximum_attempts=2)
                said = await workflow.execute_activity(
                    "knock", given, start_to_close_timeout=timedelta(seconds=9), retry_policy=once
                )
                return {**given, "said": said}
        ''',
    "trials/login/tries.py": '''
        """It gets in with the second try."""

        import logging

        import httpx2
        from temporalio import activity

        from harness import Application, Attempts, Outcome, Scenario, WorkerProcesses
        from stands.doors import Doors
        from trials.login.workflow import Login

        GIVEN = {"password": "hunter2-in-given", "card": "4111 1111 1111 1111"}


        def knocking(doors: str) -> list[object]:
            @activity.defn
            async def knock(given: dict[str, str]) -> str:
                print(f"login with password={given['password']}, or {given['password']}; api_key=Zx9-printed-by-worker")
                logging.getLogger().warning("sent Authorization: Bearer Zx9-in-header")
                async with httpx2.AsyncClient(base_url=doors) as client:
                    await client.post("/knock", json=given, headers={"Authorization": "Bearer Zx9-in-header"})
                if activity.info().attempt == 1:
                    raise RuntimeError(f"refused: secret_key='Zx9-in-activity-error', password {given['password']}")
                return f"in with {given['password']}"

            return [knock]


        scenario = Scenario(
            application=Application(workflows=[Login], activities=knocking),
            workflow=Login.run,
            given=GIVEN,
            uses=[Doors],
            workers=WorkerProcesses(),
            expects=[Outcome(result=GIVEN), Attempts(of=Doors.knock, count=2)],
        )
        ''',
    "trials/login/other.py": '''
        """It expects another password."""

        from dataclasses import replace

        from harness import Outcome
        from trials.login import tries

        scenario = replace(tries.scenario, expects=[Outcome(result={"password": "another-password"})])
        ''',
}


async def test_no_secret_leaves_a_run(tmp_path: Path) -> None:
    """Neither of its payloads nor of its errors, logs and reports; and `harness judge` says what the run said."""
    project = write_files(make_project(tmp_path / "project"), FILES)
    runs = tmp_path / "runs"
    ended = await harness("run", "login/*", "--runs", runs, "--watch", cwd=project)
    [session] = [one for one in runs.iterdir() if one.is_dir()]
    verdicts = {
        one["name"]: one["verdict"] for one in json.loads((session / "report.json").read_text(encoding="utf-8"))["runs"]
    }
    judged = await harness("judge", session, cwd=project)

    assert verdicts == {"login/tries": "PASSED", "login/other": "FAILED"}, ended.out + ended.err
    assert leaks(runs, (*SECRETS, "another-password")) == {}
    assert leaks_in((ended.out + ended.err + judged.out + judged.err).encode(), SECRETS) == set()
    assert "redacted:" in ended.out
    assert judged.code == ended.code != 0
    assert "1 passed, 0 inconclusive, 1 failed" in judged.out


async def test_the_doctor_names_the_rules(tmp_path: Path) -> None:
    """And where the key is."""
    project = make_project(tmp_path)
    (project / "pyproject.toml").write_text(
        (project / "pyproject.toml").read_text(encoding="utf-8") + 'redact.names = ["email"]\n', encoding="utf-8"
    )
    ended = await harness("doctor", cwd=project)

    [line] = [one for one in ended.out.splitlines() if " redaction " in one]
    assert "names email" in line
    assert "key in" in line
