"""Code in C that does not give the Python interpreter back ends a command, with a sentence and its exit code."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from tests.live.commands import WITHIN, harness, make_project

PROGRAM = """
import ctypes
import sys
from datetime import timedelta

from harness.processes.interpreter_guard import interpreter_guard

with interpreter_guard(lambda: "3 of 7", hint="Do this.", held_for=timedelta(seconds=1)):
    if "holds" in sys.argv:
        ctypes.pythonapi.sleep(3600)
print("well")
"""

HOLDS_IT = """
    '''It never comes back from C.'''

    import ctypes
    from dataclasses import replace
    from datetime import timedelta

    from trials.doors import holds


    async def drive(run):
        ctypes.pythonapi.sleep(3600)


    scenario = replace(holds.scenario, drive=drive, deadline=timedelta(seconds=10))
    """


async def program(folder: Path, *arguments: str) -> tuple[int | None, str]:
    """Run the program above, in a file whose name no terminal and no CI system may see as it is."""
    file = folder / "##[error]\x1b[2J.py"
    file.write_text(PROGRAM, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, file, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(WITHIN):
        out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_who_holds_it_is_named(tmp_path: Path) -> None:
    """Printably; a command that ends says nothing."""
    assert await program(tmp_path) == (0, "well\n")

    code, said = await program(tmp_path, "holds")

    assert code == 4
    place = rf"{re.escape(str(tmp_path))}/#\\#\[error\]\\x1b\[2J\.py:10"
    assert re.fullmatch(rf"\nINCONCLUSIVE 3 of 7: the code at {place} holds the .* else can run\. Do this\.\n", said)


async def test_a_run_in_which_code_in_c_never_returns(tmp_path: Path) -> None:
    """It ends after its deadline, and not never."""
    ended = await harness("run", "doors/holds_it", cwd=make_project(tmp_path, holds_it=HOLDS_IT))

    assert ended.code == 4, ended.out + ended.err
    assert re.search(r"INCONCLUSIVE [01] runs? begun, 0 ended: the code at .*holds_it\.py:\d+ holds", ended.out)
    assert "workers=WorkerProcesses()" in ended.out
