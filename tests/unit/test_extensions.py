"""What distributions register is found by its name; what is wrong with it is a sentence that names the distribution."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import UsageError
from harness.catalog import kinds_of
from harness.doctor import Health, _extensions
from harness.extensions import extensions, unknown_groups
from tests.distributions import install, install_example

ORACLE = """
    class NoSmoke:
        \"\"\"No smoke.\"\"\"

        def judge(self, evidence):
            return []


    class Lacking:
        pass


    value = NoSmoke()
    """


@pytest.fixture(name="site")
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path, whose modules leave no trace in this process."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("acme_"):
            del sys.modules[name]


def test_what_is_registered_is_found_without_an_import(site: Path) -> None:
    """With the distribution and its version; its class comes when it is asked for."""
    install_example(site)

    found = extensions("oracles")

    assert list(found.found) == ["never_a_teapot"]
    assert found["never_a_teapot"].distribution == "acme-harness 1.2"
    assert "acme_harness" not in sys.modules
    assert found["never_a_teapot"].load().__name__ == "NeverATeapot"


@pytest.mark.parametrize("group", ["faults", "triggers", "oracles", "fakes", "reports"])
def test_the_example_brings_one_to_each_group(site: Path, group: str) -> None:
    """And each can be used."""
    install_example(site)

    classes, problems = extensions(group).loaded()

    assert (len(classes), problems) == (1, [])


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("no_smoke", "acme_missing:NoSmoke", "ModuleNotFoundError: No module named 'acme_missing'"),
        ("no_smoke", "acme_oracles:Gone", "AttributeError: module 'acme_oracles' has no attribute 'Gone'"),
        ("no_smoke", "acme_exits:NoSmoke", "SystemExit: 1"),
        ("no_smoke", "acme_oracles:value", "it is no class, but <acme_oracles.NoSmoke"),
        ("lacking", "acme_oracles:Lacking", "it has no judge"),
        ("smoke", "acme_oracles:NoSmoke", "the name of its class makes it 'no_smoke'"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_that_names_the_distribution(
    site: Path, name: str, value: str, said: str
) -> None:
    """And what to do; it hides none of the others."""
    install(site, "acme-smoke", {"oracles": {name: value}}, acme_oracles=ORACLE, acme_exits="raise SystemExit(1)")
    install_example(site)

    with pytest.raises(UsageError) as raised:
        extensions("oracles")[name].load()

    assert f"oracle {name!r} of acme-smoke 1.0 ({value}) cannot be" in str(raised.value)
    assert said in str(raised.value)
    assert str(raised.value).endswith(". Upgrade or uninstall that distribution.")
    classes, problems = extensions("oracles").loaded()
    assert list(classes) == ["never_a_teapot"]
    assert problems == [str(raised.value)]


def test_two_of_one_name_are_refused(site: Path) -> None:
    """Neither is taken, and both distributions are named."""
    install(site, "acme-smoke", {"oracles": {"no_smoke": "acme_oracles:NoSmoke"}}, acme_oracles=ORACLE)
    install(site, "other-smoke", {"oracles": {"no_smoke": "acme_oracles:NoSmoke"}})
    found = extensions("oracles")

    assert "no_smoke" in found
    assert found.found == {}
    with pytest.raises(UsageError, match="have the same name; uninstall one") as raised:
        found["no_smoke"]
    assert "of acme-smoke 1.0" in str(raised.value)
    assert "of other-smoke 1.0" in str(raised.value)


@pytest.mark.parametrize(
    ("group", "name"), [("faults", "http_error"), ("triggers", "window"), ("oracles", "outcome"), ("reports", "junit")]
)
def test_a_name_of_the_harness_itself_is_refused(site: Path, group: str, name: str) -> None:
    """It would never be used, without notice."""
    install(site, "acme-smoke", {group: {name: "acme_oracles:NoSmoke"}}, acme_oracles=ORACLE)

    with pytest.raises(UsageError, match=r"of acme-smoke 1\.0 .* the harness itself has one of that name"):
        extensions(group)[name]


def test_a_group_that_nothing_reads_is_named(site: Path) -> None:
    """It is misspelt, or for another version of the harness."""
    install_example(site)
    assert unknown_groups() == []
    install(site, "acme-smoke", {"oracle": {"no_smoke": "acme_oracles:NoSmoke"}})

    assert unknown_groups() == [
        "acme-smoke 1.0 registers 'no_smoke' in temporal_resilience_harness.oracle, which nothing reads."
    ]


def test_the_doctor_names_what_is_broken(site: Path) -> None:
    """As missing: everything else works."""
    install_example(site)
    install(site, "acme-smoke", {"oracle": {"a": "b:C"}, "oracles": {"no_smoke": "acme_missing:NoSmoke"}})

    *broken, found = _extensions()

    assert [(one.health, "acme-smoke 1.0" in one.seen) for one in broken] == [(Health.MISSING, True)] * 2
    assert found.seen == "of other distributions: 1 fault, 1 trigger, 1 oracle, 1 fake, 1 report"


def test_the_harness_own_kinds_are_found_by_their_files() -> None:
    """In each family."""
    assert {"http_error", "outage", "kill", "crash_server"} <= set(kinds_of("faults"))
    assert "families" not in kinds_of("faults")
    assert kinds_of("oracles")["outcome"].__name__ == "Outcome"
