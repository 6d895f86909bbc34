"""What a project says of itself, and what is said of what cannot be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.settings import Policy, Settings, duration, find_project, settings_from


def test_the_project_is_the_nearest_one_upwards(tmp_path: Path) -> None:
    """A pyproject.toml without the table is somebody else's."""
    (tmp_path / "pyproject.toml").write_text('[tool.harness]\nscenarios = ["failures", "more"]\n')
    inner = tmp_path / "package" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "package" / "pyproject.toml").write_text("[project]\nname = 'x'\n")

    assert find_project(inner) == (tmp_path, Settings(scenarios=("failures", "more")))


def test_without_a_table_the_defaults_hold(tmp_path: Path) -> None:
    """Here, with `scenarios` and `fakes`."""
    assert find_project(tmp_path) == (tmp_path, Settings(scenarios=("scenarios",), fakes=("fakes",)))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("scenario = ['x']", "[tool.harness] scenario: unknown key. Did you mean 'scenarios'?"),
        ("scenarios = 'x'", "[tool.harness] scenarios: Input should be a valid tuple"),
        ("scenarios = [1]", "[tool.harness] scenarios.0: Input should be a valid string"),
        ("scenarios = [", "is not TOML"),
        ("gate.must_pass = []", "[tool.harness] gate.must_pass: Tuple should have at least 1 item"),
        (
            "gate.must_hold = ['*']",
            "[tool.harness] gate.must_hold: unknown key. Available: baseline, concurrency, inconclusive, must_pass,",
        ),
        ("gate.repeat = 3", "[tool.harness] gate.repeat: unknown key. Did you mean 'repeats'?"),
        ("gate.repeats = -1", "[tool.harness] gate.repeats: Input should be greater than or equal to 0"),
        ("gate.inconclusive = 'green'", "[tool.harness] gate.inconclusive: Input should be 'red' or 'amber'"),
        ("gate.time_budget = '10 minutes'", "'10 minutes' is not a duration; write it as '90s', '10m' or '1h30m'."),
        ("gate.time_budget = 600", "600 is not a duration"),
        ("gate.time_budget = '0s'", "must be longer than 0, got '0s'; omit it for no limit."),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, table: str, said: str) -> None:
    """With the file, the key, and what was meant."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.harness]\n{table}\n")
    with pytest.raises(UsageError) as refused:
        find_project(tmp_path)

    assert said in str(refused.value)
    assert str(tmp_path / "pyproject.toml") in str(refused.value)


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    """One problem for each key."""
    (tmp_path / "pyproject.toml").write_text("[tool.harness]\nscenarios = 1\nfakes = 2\ncolour = 'red'\n")
    with pytest.raises(UsageError) as refused:
        find_project(tmp_path)

    assert len(refused.value.problems) == 3


def test_a_project_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    """The same keys, without the table's name."""
    (tmp_path / "harness.toml").write_text('fakes = ["doubles"]\n[gate]\ntime_budget = "10m"\n')

    assert find_project(tmp_path) == (
        tmp_path,
        Settings(fakes=("doubles",), gate=Policy(time_budget=timedelta(minutes=10))),
    )


def test_a_project_speaks_once(tmp_path: Path) -> None:
    """Two places that could say different things are refused."""
    (tmp_path / "harness.toml").touch()
    (tmp_path / "pyproject.toml").write_text("[tool.harness]\n")

    with pytest.raises(UsageError, match="keep one of them"):
        find_project(tmp_path)


@pytest.mark.parametrize(("text", "length"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("0.5s", 0.5)])
def test_durations_carry_their_unit(text: str, length: float) -> None:
    """Seconds, minutes, hours, and several of them."""
    assert duration(text) == timedelta(seconds=length)


def test_corpora_are_tables_with_workflows() -> None:
    """A mistake in one is told with its place, and with the key that was meant."""
    [corpus] = settings_from({"corpora": [{"path": "histories", "workflows": ["shop"]}]}, where="here").corpora

    assert (corpus.path, corpus.workflows, corpus.scenarios) == ("histories", ("shop",), ())
    with pytest.raises(UsageError, match=r"corpora\.0\.workflow.*'workflows'") as told:
        settings_from({"corpora": [{"path": "histories", "workflow": ["shop"], "workflows": []}]}, where="here")
    assert len(told.value.problems) == 2


def test_one_target_explored_twice_has_two_baselines() -> None:
    """Each would take out of a common one what only the other finds; other targets may share it."""
    one, other = (
        {"target": "shop:Order", "baseline": "waived.toml"},
        {"target": "shop:Refund", "baseline": "waived.toml"},
    )
    apart = [one, other, {**one, "inputs": ["1"], "baseline": "ones.toml"}, {"target": "shop:Order"}]

    assert [it.name for it in settings_from({"explorations": apart}, where="here").explorations][2] == "shop:Order 1"
    with pytest.raises(UsageError, match=r"'shop:Order' with 'waived.toml' occurs more than once"):
        settings_from({"explorations": [one, other, {**one, "inputs": ["1"]}]}, where="here")
