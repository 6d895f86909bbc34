"""no_orphan_objects: a storage holds what the workflow's result refers to, and nothing besides."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.objects import Objects
from harness import NoOrphanObjects
from harness.events import Kept
from tests.unit.builders import applied, closed, completed, failed, judged

ORACLE = NoOrphanObjects(of=Objects)

STORED = applied(Objects.put, "data")


def kept(key: str, *, size: int = 3, sha256: str = "abc", service: str = "objects") -> Kept:
    """An object that is held at the end."""
    return Kept(service=service, key=key, body={"size": size, "sha256": sha256, "content": None})


def refers_to(key: str, *, size: int = 3, checksum: str = "abc") -> dict[str, Any]:
    """A reference."""
    return {"storage_key": key, "size_bytes": size, "checksum": checksum}


@pytest.mark.parametrize(
    "result",
    [refers_to("a"), {"report": refers_to("a")}, [{"pages": [refers_to("a")]}], {"storage_key": "a"}],
    ids=["itself", "in a field", "at any depth", "by its key alone"],
)
def test_acquits_what_is_referred_to(result: Any) -> None:
    """Wherever in the result; what others hold is not looked at."""
    assert judged(ORACLE, STORED, kept("a"), kept("z", service="other"), completed(result)) == []


@pytest.mark.parametrize("ending", [failed(), closed("CANCELED"), completed(None), completed({"left_behind": []})])
def test_acquits_an_empty_storage(ending: Any) -> None:
    """Where nothing is referred to."""
    assert judged(ORACLE, STORED, ending) == []


@pytest.mark.parametrize("ending", [failed(), closed("CANCELED"), completed({"records": 2}), completed(refers_to("b"))])
def test_convicts_an_orphan(ending: Any) -> None:
    """A workflow that did not complete refers to nothing; one that did, to what its result says."""
    [finding, *_] = judged(ORACLE, STORED, kept("a"), ending)

    assert finding.title == "a is left at objects, but the workflow's result does not refer to it."


def test_convicts_a_reference_that_leads_nowhere() -> None:
    """It was stored once."""
    [finding] = judged(ORACLE, STORED, completed({"report": refers_to("a")}))

    assert finding.title == "the workflow's result refers to a, which objects does not hold."


def test_convicts_a_reference_to_something_else() -> None:
    """Another size, another checksum; what the reference does not say is not compared."""
    [finding] = judged(ORACLE, STORED, kept("a"), completed(refers_to("a", size=4, checksum="abd")))

    assert finding.detail.splitlines() == [
        "size is 3, expected 4",
        "sha256 is abc, expected abd",
    ]


def test_what_is_said_to_be_left_must_be_left() -> None:
    """It is no orphan, since somebody knows of it; and not to be there makes the result untrue."""
    result = {"left_behind": ["a"]}

    assert judged(ORACLE, STORED, kept("a"), completed(result)) == []
    [finding] = judged(ORACLE, STORED, completed(result))
    assert "lists a as left behind" in finding.title


def test_the_fields_can_have_other_names() -> None:
    """As the workflow has them."""
    oracle = NoOrphanObjects(of=Objects, key="path", size="bytes", checksum="sha", left="lost")
    result = {"path": "a", "bytes": 3, "sha": "abc", "lost": ["b"]}

    assert judged(oracle, STORED, kept("a"), kept("b"), completed(result)) == []


def test_cannot_tell_where_nothing_was_stored_or_nothing_has_ended() -> None:
    """An empty storage would pass."""
    [nothing] = judged(ORACLE, completed(None))
    [running] = judged(ORACLE, STORED, kept("a"))

    assert (nothing.verdict.name, running.verdict.name) == ("INCONCLUSIVE", "INCONCLUSIVE")
