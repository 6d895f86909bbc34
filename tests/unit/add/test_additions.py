"""Whatever is added to a project can be imported there, and nothing that is there is changed."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.add.additions import Additions
from harness.add.plan import AddPlan, State
from harness.add.project import project_of
from harness.add.reference import Reference
from harness.catalog import load_catalog, load_fakes
from harness.commands import add
from harness.commands import list as listing
from harness.errors import EnvironmentUnavailable, UsageError
from harness.services.service import FakeService
from harness.settings import Settings, find_project
from tests.unit.add.test_source import ours

ROOT = Path(__file__).parents[3]
KNOWN = Reference(root=ROOT)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty project whose folders have names of their own; what is imported from it is forgotten."""
    (tmp_path / "harness.toml").write_text('scenarios = ["added/trials"]\nfakes = ["added/stands"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    for name in [one for one in sys.modules if one.partition(".")[0] == "added"]:
        del sys.modules[name]


def run(*words: str) -> Result:
    """`harness add`, in the working directory."""
    return CliRunner().invoke(add.command, words, catch_exceptions=False)


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and "__pycache__" not in one.parts
    }


# --- every pattern, every fake --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN.patterns())
def test_a_pattern_is_complete(name: str, project: Path) -> None:
    """It is listed with all its scenarios, imports nothing from the reference, and needs nothing to be adjusted."""
    done = run("pattern", name)
    listed = CliRunner().invoke(listing.command, ["--json"], catch_exceptions=False)
    fakes = load_fakes(*find_project(project))

    assert done.exit_code == 0
    assert "Left to adjust" not in done.stdout
    assert {one["name"] for one in json.loads(listed.stdout)} == {
        one for one in KNOWN.scenarios() if one.startswith(f"{name}/")
    }
    used = {kind for one in load_catalog(*find_project(project)).entries.values() for kind in one.scenario.uses}
    assert {kind.name() for kind in used if issubclass(kind, FakeService)} <= {*fakes}
    assert all(kind.__module__.startswith("added.stands.") for kind in used)
    assert {one for file in project.rglob("*.py") for one in ours(file.read_text(encoding="utf-8"))} == set()
    page = (project / "added" / "trials" / name / "README.md").read_text(encoding="utf-8")
    assert "](../" not in page
    assert "convictions" not in page


@pytest.mark.parametrize("name", KNOWN.fakes())
def test_a_fake_is_complete(name: str, project: Path) -> None:
    """It is found under its name, as it is said to be, and imports nothing from the reference."""
    done = run("fake", name)
    module, _, kind = done.stdout.rpartition("Next: name it in a scenario: from ")[2].split()
    found = load_fakes(*find_project(project))
    service = getattr(import_module(module), kind)

    assert done.exit_code == 0
    assert service.name() == name
    # A real server is no fake over HTTP, and cannot be run by hand.
    assert found == ({name: service} if issubclass(service, FakeService) else {})
    assert {one for file in project.rglob("*.py") for one in ours(file.read_text(encoding="utf-8"))} == set()


def test_every_scenario_has_its_files() -> None:
    """A helper that it imports comes with it, also one of a helper."""
    names = {one.name for one in KNOWN.helpers(KNOWN.root / "scenarios/dead_letters/batch_at_the_end.py")}

    assert names == {"_final_batch.py"}
    assert KNOWN.helpers(KNOWN.root / "scenarios/saga/all_well.py") == []


def test_everything_is_listed() -> None:
    """Patterns and fakes, each with what it is."""
    shown = run("--list").stdout
    scenarios = run("--list", "scenario").stdout

    assert "  saga              book all of a trip, or keep nothing of it\n" in shown
    assert "A service that charges cards, and gives the money back." in shown
    assert all(KNOWN.patterns().values())
    assert all(KNOWN.fakes().values())
    assert "saga/flight_reply_lost " in scenarios


# --- names ----------------------------------------------------------------------------------------------------------


def test_a_pattern_can_have_another_name(project: Path) -> None:
    """Its modules, its page and what is said are all by that name."""
    done = run("pattern", "saga", "--as", "order")

    assert done.stdout.endswith("Next: harness run 'order/*'\n")
    assert {one.split("/")[0] for one in load_catalog(*find_project(project)).entries} == {"order"}
    assert "`order/all_well`" in (project / "added/trials/order/README.md").read_text(encoding="utf-8")


def test_packages_are_marked_on_the_way(project: Path) -> None:
    """But a folder that is there is left as it is."""
    run("fake", "cars")
    assert (project / "added" / "__init__.py").read_bytes() == b""

    (project / "harness.toml").write_text('scenarios = ["src/trials"]\nfakes = ["src/stands"]\n')
    (project / "src").mkdir()
    run("fake", "cars")

    assert not (project / "src" / "__init__.py").exists()
    assert (project / "src" / "stands" / "__init__.py").exists()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    """With the command that installs it."""
    monkeypatch.setattr(add, "find_spec", lambda name: None if name in {"boto3", "botocore"} else object())

    assert "Not installed here: pip install boto3 botocore\n" in run("fake", "dead_letters").stdout


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('scenarios = ["my-trials"]', "names the folder 'my-trials', from which nothing can be imported"),
        ('fakes = ["../stands"]', "names the folder '../stands', from which nothing can be imported"),
        ('fakes = ["/stands"]', "names the folder '/stands', from which nothing can be imported"),
        ('fakes = ["a/class"]', "as 'class' is no Python name"),
        ('fakes = ["trials/stands"]\nscenarios = ["trials"]', "where files are taken for scenarios"),
        ('fakes = ["trials"]\nscenarios = ["trials"]', "where files are taken for scenarios"),
        ("fakes = []", "must each name a folder"),
        ('fakes = ["."]', "names the project's root, where a module such as redis.py would hide"),
    ],
)
def test_a_folder_from_which_nothing_can_be_imported(settings: str, told: str, project: Path) -> None:
    """It is refused, as what is written there could not be found."""
    (project / "harness.toml").write_text(settings)

    with pytest.raises(UsageError) as refused:
        run("pattern", "saga")
    assert told in str(refused.value)
    assert list(content(project)) == ["harness.toml"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pattern", "sage"), "Did you mean 'saga'?"),
        (("fake", "payment"), "Did you mean 'payments'?"),
        (("fake", "s3"), "Perhaps 'objects': A real storage of objects"),
        (("fake", "shapes"), "unknown fake 'shapes'"),
        (("fake", "../harness/cli"), "unknown fake '../harness/cli'"),
        (("scenario", "saga/flight_lost"), "Did you mean 'saga/flight_reply_lost'?"),
        (("scenario", "saga/workflow"), "unknown scenario 'saga/workflow'"),
        (("scenario", "saga/all_well"), "no pattern 'saga'; add it with `harness add pattern saga`."),
        (("scenario", "saga/all_well", "--for", "order"), "unknown pattern of this project 'order'; none exist."),
        (("pattern", "saga", "--as", "my-saga"), "'my-saga' cannot be the name of a pattern"),
        (("pattern", "saga", "--as", "a/b"), "'a/b' cannot be the name of a pattern"),
    ],
)
def test_a_name_that_means_nothing(words: tuple[str, ...], told: str, project: Path) -> None:
    """It is answered with what was likely meant, and nothing is written."""
    with pytest.raises(UsageError) as refused:
        run(*words)
    assert told in str(refused.value)
    assert list(content(project)) == ["harness.toml"]


# --- what is there already ------------------------------------------------------------------------------------------


def test_the_same_again_changes_nothing(project: Path) -> None:
    """What is there is said to be, and what is missing comes back."""
    run("pattern", "saga")
    before = content(project)
    (project / "added/trials/saga/confirmed.py").unlink()

    again = run("pattern", "saga")

    assert "wrote  added/trials/saga/confirmed.py\n1 file written" in again.stdout
    assert content(project) == before


def test_a_changed_file_is_never_overwritten(project: Path) -> None:
    """Neither one that was asked for, nor a fake that it uses; the first refuses everything."""
    run("pattern", "saga")
    workflow = project / "added/trials/saga/workflow.py"
    workflow.write_text("ours = 1\n")
    (project / "added/trials/saga/confirmed.py").unlink()
    before = content(project)

    with pytest.raises(UsageError, match=r"saga/workflow\.py differs from the reference; nothing is written"):
        run("pattern", "saga")
    assert content(project) == before

    flights = project / "added/stands/flights.py"
    flights.write_text("class Flights: ...\n")
    beside = run("pattern", "saga", "--as", "beside")
    assert "kept  added/stands/flights.py, which differs from the reference\n" in beside.stdout
    assert flights.read_text() == "class Flights: ...\n"

    with pytest.raises(UsageError, match=r"stands/flights\.py differs"):
        run("fake", "flights")


def test_a_fake_of_a_contract_is_written_once(project: Path) -> None:
    """Into the project's folder, where it is found; the same again changes nothing, and what differs is kept."""
    contract = ROOT / "tests" / "contracts" / "payments.yaml"

    first = run("fake", "payments", "--from", str(contract))
    again = run("fake", "payments", "--from", str(contract))

    assert "11 operations; 3 pairs of create and delete.\n" in first.stdout
    assert "1 part of the contract cannot be expressed; the file's docstring names them.\n" in first.stdout
    assert "wrote  added/stands/payments.py\n" in first.stdout
    assert "from added.stands.payments import Payments" in first.stdout
    assert "0 files written, 1 already there.\n" in again.stdout
    assert "create_payment" in load_fakes(*find_project(project))["payments"].operations()
    (project / "added/stands/payments.py").write_text("ours = 1\n")
    with pytest.raises(UsageError, match=r"stands/payments\.py differs from what the contract makes"):
        run("fake", "payments", "--from", str(contract))


@pytest.mark.parametrize("name", ["1st", "pay-ments", "Payments", "class"])
def test_the_name_of_a_fake_of_a_contract_is_one_of_a_module(name: str, project: Path) -> None:
    """The error proposes one."""
    with pytest.raises(UsageError, match=rf"'{name}' cannot be the name of a fake: it names a Python module; try '"):
        run("fake", name, "--from", str(ROOT / "tests" / "contracts" / "payments.yaml"))


def test_what_a_contract_needs_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("harness.extras.brought", lambda _: ("genson", "rstr"))
    monkeypatch.setattr("harness.extras.installed", lambda name: "" if name == "rstr" else name)

    with pytest.raises(
        UsageError,
        match=r"--from needs rstr, which is not installed: pip install 'temporal-resilience-harness\[contracts\]'\.",
    ):
        run("fake", "payments", "--from", str(ROOT / "tests" / "contracts" / "payments.yaml"))


def test_a_fake_of_a_contract_has_to_be_named(project: Path) -> None:
    """The error has the command."""
    contract = ROOT / "tests" / "contracts" / "payments.yaml"

    with pytest.raises(
        UsageError, match=r"name the fake, such as `harness add fake payments --from /.*payments\.yaml`"
    ):
        run("fake", "--from", str(contract))


def test_names_that_a_kept_file_lacks_are_named(project: Path) -> None:
    """With file and line, so that nobody has to run it to find out."""
    (project / "added/stands").mkdir(parents=True)
    (project / "added/stands/flights.py").write_text("class Planes: ...\n")

    shown = run("pattern", "saga").stdout

    assert "added/trials/saga/all_well.py:11: added/stands/flights.py has no Flights.\n" in shown


def test_a_dry_run_writes_nothing(project: Path) -> None:
    """It says what would be written, and what was left to adjust."""
    shown = run("pattern", "saga", "--dry-run").stdout

    assert "would write  added/trials/saga/workflow.py\n" in shown
    assert list(content(project)) == ["harness.toml"]


def test_a_link_to_nowhere_is_not_followed(project: Path) -> None:
    """It is somebody's, too."""
    (project / "added/stands").mkdir(parents=True)
    (project / "added/stands/cars.py").symlink_to("elsewhere.py")

    with pytest.raises(UsageError, match=r"cars\.py differs"):
        run("fake", "cars")


def test_a_pattern_that_another_folder_has(project: Path) -> None:
    """Two of one name could both not be run."""
    (project / "harness.toml").write_text('scenarios = ["added/trials", "added/more"]\nfakes = ["added/stands"]\n')
    (project / "added/more/saga").mkdir(parents=True)
    (project / "added/more/saga/booked.py").touch()

    with pytest.raises(UsageError, match="added/more/saga is a pattern of that name already"):
        run("pattern", "saga")


# --- a disk that refuses --------------------------------------------------------------------------------------------


def plan_of(project: Path) -> AddPlan:
    """Of a fake with a file of its own and one that it shares."""
    return Additions(project=project_of(project, Settings()), known=KNOWN).fake("cars")


def test_a_full_disk_leaves_no_half_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is whole, and the same command goes on from there."""
    plan = plan_of(project)
    opened = Path.open

    def full(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if path.name == "booking.py" and mode == "xb":
            path.touch()
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return opened(path, mode, *rest, **named)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(EnvironmentUnavailable, match="No space left on device"):
            plan.write()
    (project / "fakes/shapes/booking.py").unlink()
    plan_of(project).write()

    assert plan_of(project).having(State.NEW) == []


def test_a_place_that_cannot_be_written(project: Path) -> None:
    """It is found before the first file is written."""
    plan = plan_of(project)
    (project / "fakes").write_text("a file")

    with pytest.raises(EnvironmentUnavailable, match="Not a directory"):
        plan.write()
    assert sorted(content(project)) == ["fakes", "harness.toml"]


# --- a scenario for a pattern of one's own --------------------------------------------------------------------------

ORDER = {
    "added/trials/order/paid.py": '"""It is paid."""\nfrom added.stands.bank import Bank\nscenario = 1\n',
    "added/stands/bank.py": "class Bank: ...\n",
}


def test_a_scenario_that_was_lost_comes_back(project: Path) -> None:
    """For a pattern that was added under another name, nothing is left to adjust."""
    run("pattern", "dead_letters", "--as", "letters")
    before = content(project)
    (project / "added/trials/letters/batch_at_the_end.py").unlink()
    (project / "added/trials/letters/_final_batch.py").unlink()

    shown = run("scenario", "dead_letters/batch_at_the_end", "--for", "letters").stdout

    assert content(project) == before
    assert shown.endswith("2 files written, 0 already there.\nNext: harness run letters/batch_at_the_end\n")


def test_what_is_left_to_adjust_is_named(project: Path) -> None:
    """Each with file and line: a module, a service that is not there, and one that the pattern does not use."""
    for name, source in ORDER.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(source)
    run("fake", "cars")

    shown = run("scenario", "saga/flight_reply_lost", "--for", "order").stdout

    file = "added/trials/order/flight_reply_lost.py"
    assert shown.splitlines() == [
        f"wrote  {file}",
        "1 file written, 0 already there.",
        "Left to adjust:",
        f"  {file}:7: no other file in added/trials/order uses Cars; name a service of yours.",
        *(
            f"  {file}:{line}: added/stands/{one}.py does not exist; name a service of yours, or run "
            f"`harness add fake {one}`."
            for line, one in ((8, "flights"), (9, "hotels"))
        ),
        f"  {file}:11: added/trials/order has no all_well.py; there: paid.",
        "Next: harness run order/flight_reply_lost",
    ]


def test_a_name_that_the_first_scenario_lacks(project: Path) -> None:
    """As it is taken of the module, where that is."""
    for name, source in ORDER.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(source)
    (project / "added/trials/order/all_well.py").write_text("scenario = 1\n")

    shown = run("scenario", "saga/hotel_invalid", "--for", "order", "--dry-run").stdout

    assert "added/trials/order/all_well.py has no TRIP." in shown
    assert "has no scenario." not in shown
