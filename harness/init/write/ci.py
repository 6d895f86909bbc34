"""Writes the job that decides over merges, for GitHub Actions or GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.init.write.addition import Addition

GATE = "harness gate"

GITHUB = """\
name: resilience
on: [pull_request]
jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
      - run: {install}
      - run: harness gate
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: runs
          path: runs/
"""

GITLAB = """\
resilience:
  image: python:{python}
  script:
    - {install}
    - harness gate --junit junit.xml
  artifacts:
    when: always
    paths: [runs/]
    reports:
      junit: junit.xml
"""


def write_ci(root: Path, kind: str | None, *, python: str) -> Iterator[Addition]:
    """Yield the file with the job, unless the project has one.

    Args:
        root: The project's folder.
        kind: "github" or "gitlab"; None for none.
        python: The version of Python, such as "3.12".
    """
    words = {"python": python, "install": _install(root)}
    if kind == "github":
        there = [*(root / ".github" / "workflows").glob("*.y*ml")]
        if not any(GATE in one.read_text(encoding="utf-8", errors="replace") for one in there):
            path = Path(".github", "workflows", "resilience.yml")
            yield Addition(path=path, text=GITHUB.format_map(words), what="the job that runs `harness gate`")
    if kind == "gitlab":
        file = root / ".gitlab-ci.yml"
        if not file.exists():
            text = GITLAB.format_map(words)
            yield Addition(path=Path(file.name), text=text, what="the job that runs `harness gate`")
        elif GATE not in file.read_text(encoding="utf-8", errors="replace"):
            path = Path(".gitlab", "resilience.yml")
            what = f"the job that runs `harness gate`; add to {file.name}: include: [{{local: /{path.as_posix()}}}]"
            yield Addition(path=path, text=GITLAB.format_map(words), what=what)


def _install(root: Path) -> str:
    """Return the command that installs the project and the harness."""
    if (root / "requirements.txt").exists():
        own = "-r requirements.txt "
    elif (root / "setup.py").exists() or _is_package(root / "pyproject.toml"):
        own = ". "
    else:
        own = ""
    return f"python -m pip install {own}'temporal-resilience-harness[all]'"


def _is_package(file: Path) -> bool:
    return file.exists() and "[project]" in file.read_text(encoding="utf-8", errors="replace")
