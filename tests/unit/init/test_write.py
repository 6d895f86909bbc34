"""What `harness init` writes: nothing is overwritten, and a file keeps its comments and its spaces."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
import tomlkit

from harness.errors import EnvironmentUnavailable, UsageError
from harness.init.in_words import in_words
from harness.init.plan import apply, plan
from harness.init.write.code import ImportLines, laid_out
from harness.project_tables import tables_in
from harness.settings import Settings, find_project
from tests.live.apps import strangers

APPS = {
    "orders": strangers.ORDERS,
    "vault": strangers.VAULT,
    "reports": strangers.REPORTS,
    "alone": strangers.ALONE,
}

FLOW = """
from temporalio import workflow


@workflow.defn
class Flow:
    @workflow.run
    async def run(self) -> None: ...
"""


def content(folder: Path) -> dict[str, str]:
    """The files of a folder, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def written(folder: Path, *, ci: str | None = None) -> dict[str, str]:
    """Write what `harness init` writes, and return all files."""
    settings = find_project(folder)[1] if tables_in(folder) else None
    apply(folder, plan(folder, settings, ci=ci).additions)
    return content(folder)


@pytest.mark.parametrize("name", APPS)
def test_every_file_is_added_once(tmp_path: Path, name: str) -> None:
    """What was there is there, and a second time nothing is new."""
    before = content(strangers.write(tmp_path, APPS[name]))
    after = written(tmp_path, ci="github")

    assert all(after[path].startswith(text.rstrip("\n")) for path, text in before.items())
    assert [ast.parse(text) for path, text in after.items() if path.endswith(".py")]
    settings = find_project(tmp_path)[1]
    assert settings == Settings(scenarios=("scenarios",), fakes=("fakes",))
    assert plan(tmp_path, settings, ci="github").additions == []


def test_a_pyproject_keeps_its_form(tmp_path: Path) -> None:
    """Comments, alignment and the order of its tables."""
    strangers.write(tmp_path, strangers.ORDERS)
    before = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    after = written(tmp_path)["pyproject.toml"]

    assert after == before + '\n[tool.harness]\nscenarios = ["scenarios"]\nfakes = ["fakes"]\n'
    assert tomlkit.parse(after).unwrap()["tool"]["black"] == {"line-length": 100}


TOML = {
    "empty": ("", ""),
    "tables that are apart": ("[tool.a]\nx = 1\n[project]\nname = 'x'\n\n[tool.b]\n", "\n"),
    "no last line break": ("[tool.a]\nx = 1 # c", "\n\n"),
    "from Windows": ("[tool.a]\r\nx = 1\r\n", "\r\n"),
}


@pytest.mark.parametrize(("before", "between"), TOML.values(), ids=TOML)
def test_the_table_stands_behind_everything(tmp_path: Path, before: str, between: str) -> None:
    """With the file's own line breaks."""
    strangers.write(tmp_path, {"flow.py": FLOW})
    (tmp_path / "pyproject.toml").write_bytes(before.encode())
    written(tmp_path)
    after = (tmp_path / "pyproject.toml").read_bytes().decode()
    end = "\r\n" if "\r" in before else "\n"
    table = ["[tool.harness]", 'scenarios = ["scenarios"]', 'fakes = ["fakes"]', ""]

    assert after == before + between + end.join(table)


def test_a_table_in_one_line_gets_another_key(tmp_path: Path) -> None:
    """It takes nothing from outside."""
    after = written(strangers.write(tmp_path, {"flow.py": FLOW, "pyproject.toml": "tool = {a = {x = 1}} # c\n"}))

    assert tomlkit.parse(after["pyproject.toml"]).unwrap()["tool"]["harness"]["fakes"] == ["fakes"]
    assert "{a = {x = 1}" in after["pyproject.toml"]


def test_what_is_new_is_added_later(tmp_path: Path) -> None:
    """A second workflow and a second service; what a person changed stays."""
    strangers.write(tmp_path, strangers.ORDERS)
    first = written(tmp_path)
    scenario = tmp_path / "scenarios" / "order" / "all_well.py"
    scenario.write_text("mine", encoding="utf-8")
    (tmp_path / "orders" / "more.py").write_text(FLOW, encoding="utf-8")
    activities = tmp_path / "orders" / "activities.py"
    more = (
        "\n\n@activity.defn\nasync def tell(order: str) -> None:\n    await httpx.post('https://news.example/tell')\n"
    )
    activities.write_text(activities.read_text(encoding="utf-8") + more, encoding="utf-8")
    second = written(tmp_path)

    new = {"scenarios/flow/__init__.py", "scenarios/flow/_worker.py", "scenarios/flow/all_well.py", "fakes/news.py"}
    # Its target has the activities that the workflow calls, and where it calls none, all.
    assert set(second) - set(first) - {"orders/more.py", "explore/flow.py"} == new
    assert second["scenarios/order/all_well.py"] == "mine"


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    """A folder that is called `scenarios` and has no settings is not one of the harness's."""
    files = {"flow.py": FLOW, "scenarios/load.py": "x = 1\n", "fakes.py": "x = 1\n"}
    after = written(strangers.write(tmp_path, files))

    assert "harness_scenarios/flow/all_well.py" in after
    assert 'scenarios = ["harness_scenarios"]\nfakes = ["harness_fakes"]' in after["pyproject.toml"]


def test_a_project_with_settings_keeps_them(tmp_path: Path) -> None:
    """Its folders are used, also those of a harness.toml."""
    files = {"flow.py": FLOW, "harness.toml": 'scenarios = ["chaos/trials"]\nfakes = ["chaos/fakes"]\n'}
    after = written(strangers.write(tmp_path, files))

    assert after["harness.toml"] == files["harness.toml"]
    assert "pyproject.toml" not in after
    assert "chaos.trials.flow._worker:main" in after["chaos/trials/flow/all_well.py"]


IGNORED = {"": "/runs/\n", "a": "a\n/runs/\n", "a\n": "a\n/runs/\n", "runs/\n": "runs/\n", "/runs\n": "/runs\n"}


@pytest.mark.parametrize(("before", "after"), IGNORED.items())
def test_run_folders_stay_out_of_git(tmp_path: Path, before: str, after: str) -> None:
    """With one line, if there is none."""
    (tmp_path / ".gitignore").write_text(before, encoding="utf-8")

    assert written(strangers.write(tmp_path, {"flow.py": FLOW}))[".gitignore"] == after


CI = {
    "github": ({}, ".github/workflows/resilience.yml"),
    "github, with others": ({".github/workflows/lint.yml": "on: push\n"}, ".github/workflows/resilience.yml"),
    "github, done": ({".github/workflows/mine.yml": "- run: harness gate\n"}, ""),
    "gitlab": ({}, ".gitlab-ci.yml"),
    "gitlab, with others": ({".gitlab-ci.yml": "lint:\n  script: [make]\n"}, ".gitlab/resilience.yml"),
    "gitlab, done": ({".gitlab-ci.yml": "script: [harness gate]\n"}, ""),
}


@pytest.mark.parametrize(("files", "path"), CI.values(), ids=CI)
def test_the_job(tmp_path: Path, files: dict[str, str], path: str, request: pytest.FixtureRequest) -> None:
    """In a file of its own, unless the project has one."""
    kind = request.node.callspec.id.partition(",")[0]
    strangers.write(tmp_path, {"flow.py": FLOW, "requirements.txt": "", **files})
    after = {name: text for name, text in written(tmp_path, ci=kind).items() if "git" in name and name != ".gitignore"}

    assert set(after) - set(files) == ({path} if path else set())
    assert all(after[name] == text for name, text in files.items())
    assert not path or "pip install -r requirements.txt 'temporal-resilience-harness[all]'" in after[path]


WRONG = {
    "nothing": ({}, r"no workflow found in .* \(0 Python files read\)"),
    "no workflow": ({"a.py": "x = 1\n"}, r"no workflow found in .* \(1 Python file read\)"),
    "three applications": (
        {f"apps/{name}/{file}": text for name in "abc" for file, text in (("setup.py", ""), ("flow.py", FLOW))},
        r"holds 3 applications: apps/a, apps/b, apps/c\. Run `harness init` in each of them: cd apps/a && harness init",
    ),
    "a folder of scripts": (
        {"job/flow.py": f"import steps\n{FLOW}", "job/steps.py": ""},
        r"job/flow\.py imports its neighbours from its own folder: run `harness init` in job",
    ),
    "no Python": ({"a.py": "print 1\n"}, r"a\.py:1 is no Python that Python 3\.\d+ can read"),
}


@pytest.mark.parametrize(("files", "says"), WRONG.values(), ids=WRONG)
def test_a_folder_without_an_application_is_refused(tmp_path: Path, files: dict[str, str], says: str) -> None:
    """With what was found, and where to go."""
    strangers.write(tmp_path, files)
    before = content(tmp_path)

    with pytest.raises(UsageError, match=says):
        plan(tmp_path, None, ci=None)
    assert content(tmp_path) == before


def test_nothing_is_imported(tmp_path: Path) -> None:
    """A module that does not import, and one that would do harm, are read like any other."""
    harm = f"import no_such_package\nopen({str(tmp_path / 'harm')!r}, 'w')\n{FLOW}"
    after = written(strangers.write(tmp_path, {"flow.py": harm, "broken.py": "def (\n"}))

    assert "scenarios/flow/all_well.py" in after
    assert "harm" not in after


def test_of_a_folder_that_cannot_be_written_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And every file that could not be is named."""
    strangers.write(tmp_path, {"flow.py": FLOW})
    # As root everything can be written.
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)

    with pytest.raises(EnvironmentUnavailable, match=r"pyproject\.toml cannot be written: Permission denied"):
        written(tmp_path)
    assert set(content(tmp_path)) == {"flow.py"}


def test_variables_that_are_not_set_get_an_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the application is imported; those that are set are left alone, and those that say where something is."""
    monkeypatch.setenv("SHOP_REGION", "eu")
    for one in ("SHOP_KEY", "SHOP_DSN"):
        monkeypatch.delenv(one, raising=False)
    needs = (
        'import os\n\nKEY = os.environ["SHOP_KEY"]\nREGION = os.environ["SHOP_REGION"]\nDB = os.environ["SHOP_DSN"]\n'
    )
    files = written(strangers.write(tmp_path, {"flow.py": needs + FLOW}))
    scenario = files["scenarios/flow/all_well.py"]

    assert 0 < scenario.index('os.environ.setdefault("SHOP_KEY", "1")') < scenario.index("from flow import")
    assert "SHOP_REGION" not in scenario
    assert "SHOP_DSN" not in scenario


def test_long_expressions_are_laid_out() -> None:
    """Over several lines, where they do not fit into one."""
    source = f"Order(id='{'x' * 60}', lines=[Line(sku='a'), Line(sku='b')], more={{'a': {'1' * 40}}})"
    text = laid_out(source)

    assert text.splitlines()[0] == "Order("
    assert max(map(len, text.splitlines())) <= 100
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))
    assert laid_out("f('a', 'it\\'s')") == """f("a", "it's")"""


def test_two_things_of_one_name_can_be_imported() -> None:
    """The second gets another name in the file."""
    imports = ImportLines()

    assert [imports.add(one, "charge") for one in ("shop.bank", "shop.card", "shop.bank")] == [
        "charge",
        "card_charge",
        "charge",
    ]
    assert imports.lines == "from shop.bank import charge\nfrom shop.card import charge as card_charge"


def test_a_host_in_the_code_is_declared_in_its_fake(tmp_path: Path) -> None:
    """The worker needs no option for it, and the target names it before it imports the application."""
    after = written(strangers.write(tmp_path, strangers.REPORTS))

    assert '    hosts = ("api.rates.example",)\n' in after["fakes/rates.py"]
    assert "--host" not in after["scenarios/daily_report/all_well.py"]
    target = after["explore/daily_report.py"]
    assert target.index("fake_hosts(") < target.index("from activities import")
    assert '"api.rates.example": RATES' in target


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://10.1.2.3"])
def test_an_address_that_no_fake_can_have_is_named(tmp_path: Path, url: str) -> None:
    """Its fake has no host, and what was found says what to do."""
    files = {**strangers.REPORTS}
    files["activities.py"] = files["activities.py"].replace("https://api.rates.example", url)
    strangers.write(tmp_path, files)
    found = plan(tmp_path, None, ci=None).found

    assert f"{url}, written into the code: have the code read it from an environment variable" in "\n".join(
        in_words(found)
    )
    assert all("10.1.2.3" not in text or "hosts = (" not in text for text in written(tmp_path).values())
