"""A shell is offered what there is, at once, and never an error: driven as a shell does it."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from harness.cli import cli
from harness.completion import VARIABLE
from harness.files.naming import kinds_in
from tests.distributions import install_example

ROOT = Path(__file__).parents[2]

LOADED = """
import sys
from harness import completion

completion.complete()
print(" ".join(one for one in sys.modules if hasattr(sys.modules[one], "__file__")), file=sys.stderr)
"""

BASH = """
harness() { "$PYTHON" -m harness "$@"; }
env() { command env "${@:1:$#-1}" "$PYTHON" -m harness; }
eval "$(_HARNESS_COMPLETE=bash_source harness)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_harness_completion harness
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words: str, cwd: Path, form: str = "zsh", site: Path = ROOT) -> list[str]:
    """Return what is offered for the last of these words, as zsh's function gets it, without what it is for."""
    process = subprocess.run(
        [sys.executable, "-m", "harness"],
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{site}",
            VARIABLE: f"{form}_complete",
            "COMP_WORDS": " ".join(["harness", *words]),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    lines = process.stdout.strip().splitlines()
    return lines[1::3] if lines[:1] == ["plain"] else lines[0::3]


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A project whose files cannot even be imported."""
    for name in (
        "trials/order/all_well.py",
        "trials/order/paid_twice.py",
        "trials/order/workflow.py",
        "trials/order/_steps.py",
        "trials/refund/late.py",
        "stands/bank.py",
        "stands/__init__.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("this is no Python", encoding="utf-8")
    settings = '[tool.harness]\nscenarios = ["trials"]\nfakes = ["stands"]\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("run", "or"), ["order/*", "order/all_well", "order/paid_twice"]),
        (("run", "order/paid_twice", "re"), ["refund/*", "refund/late"]),
        (("list", ""), ["order/*", "order/all_well", "order/paid_twice", "refund/*", "refund/late"]),
        (("explain", "order/p"), ["order/paid_twice"]),
        (("explore", "order/"), ["order/all_well", "order/paid_twice"]),
        (("explore", "explore/o"), ["file"]),
        (("fake", ""), ["bank"]),
        (("rep",), ["replay", "report"]),
        (("run", "--crash"), ["--crash-everywhere", "--crash-at"]),
        (("run", "--temporal-provider", ""), ["dev-server", "container"]),
        (("replay", "hist"), ["file"]),
        (("gate", "--junit", ""), ["file"]),
        (("gate", "--runs", ""), ["dir"]),
        (("run", "'or"), ["order/*", "order/all_well", "order/paid_twice"]),
    ],
)
def test_names_options_and_files_are_offered(words: tuple[str, ...], names: list[str], project: Path) -> None:
    """Of scenarios and patterns by their paths, in a folder of the project, too."""
    assert offered(*words, cwd=project) == names
    assert offered(*words, cwd=project / "trials" / "order") == names


def test_fakes_of_distributions_are_offered(project: Path) -> None:
    """Beside the project's own."""
    install_example(project / "site")

    assert offered("fake", "", cwd=project, site=project / "site") == ["bank", "kettles"]


@pytest.mark.parametrize(
    "settings", ["[tool.harness", "[tool.harness]\nscenarios = 5\nfakes = 5\n", "[tool]\nharness = 5\n", ""]
)
def test_nothing_that_is_wrong_shows_at_the_prompt(settings: str, project: Path) -> None:
    """The command itself says what is wrong with the project, once it is run."""
    (project / "pyproject.toml").write_text(settings, encoding="utf-8")

    assert offered("run", "", cwd=project) == []
    assert offered("--ver", cwd=project, form="bash") == ["plain,--version"]
    assert offered("run", "", cwd=project, form="nonsense") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "inserted"),
    [
        (("harness", "run", "order/"), [r"order/\*", "order/all_well", "order/paid_twice"]),
        (("harness", "run", r"order/\*"), [r"order/\*"]),
        (("harness", "fake", "ba"), ["bank"]),
    ],
)
def test_bash_inserts_words_that_mean_what_they_say(words: tuple[str, ...], inserted: list[str], project: Path) -> None:
    """Run in bash: a glob is for the harness, also where it would match files of the working directory."""
    process = subprocess.run(
        [shutil.which("bash") or "", "-c", BASH, "bash", *words],
        cwd=project / "trials",
        env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (process.stdout.splitlines(), process.stderr) == (inserted, "")


@pytest.mark.parametrize(
    ("shell", "said"), [("bash", "complete -o"), ("zsh", "#compdef harness"), ("fish", "complete")]
)
def test_each_shell_has_a_script(shell: str, said: str, project: Path) -> None:
    """It is printed for the shell to read."""
    process = subprocess.run(
        [sys.executable, "-m", "harness"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said in process.stdout
    assert f"{VARIABLE}={shell}_complete" in process.stdout


def test_what_is_offered_is_what_the_commands_declare() -> None:
    """Though they are imported without what they work with: all options, values and texts are the same."""
    program = "\n".join(
        [
            "from harness import completion",
            "completion.only_light()",
            "import click, json",
            "from typing import Any",
            "from harness.cli import cli",
            "from harness.files.naming import kinds_in",
            inspect.getsource(declared),
            inspect.getsource(_declared),
            "print(json.dumps(declared(cli)))",
        ]
    )
    process = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert process.stderr == ""
    assert json.loads(process.stdout) == json.loads(json.dumps(declared(cli)))


def test_completing_imports_click_and_the_standard_library_alone(project: Path) -> None:
    """So that it takes a tenth of a second: the Temporal SDK alone takes half a second."""
    process = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            VARIABLE: "bash_complete",
            "COMP_WORDS": "harness run ",
            "COMP_CWORD": "2",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {one.partition(".")[0] for one in process.stderr.split()}

    assert "order/all_well" in process.stdout
    assert loaded & {"click", "harness"} == {"click", "harness"}
    assert {
        one for one in loaded if one.startswith(("temporal", "pydantic", "starlette", "rich", "rapidfuzz"))
    } == set()


def declared(group: click.Group) -> dict[str, Any]:
    """Return what the commands declare for a shell to offer."""
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in kinds_in("commands")}
    return {
        name: [command.get_short_help_str(), *map(_declared, command.params)]
        for name, command in commands.items()
        if command is not None
    }


def _declared(param: click.Parameter) -> list[Any]:
    return [
        param.name,
        param.opts,
        param.secondary_opts,
        param.nargs,
        param.multiple,
        getattr(param, "is_flag", None),
        getattr(param, "help", None),
        list(getattr(param.type, "choices", [])),
        type(param.type).__name__,
    ]
