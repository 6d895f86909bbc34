"""Small projects for the tests of `harness init`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from harness.init.find.everything import FoundProject, find_everything
from harness.init.find.requests import FoundRequest

HEAD = "from temporalio import activity, workflow\nimport os, httpx, requests, aiohttp\n"


def project(folder: Path, **files: str) -> Path:
    """Write files, each named by its path without ".py", with __ for a slash, and return the folder."""
    for name, text in files.items():
        file = folder / f"{name if '/' in name else name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
    return folder


def found_in(folder: Path, **files: str) -> FoundProject:
    """Return what is found in files."""
    return find_everything(project(folder, **files))


def requests_in(folder: Path, code: str, **files: str) -> list[FoundRequest]:
    """Return the requests of the activities in a module with this code."""
    found = found_in(folder, app=HEAD + dedent(code), **files)
    return [one for several in found.requests.values() for one in several]
