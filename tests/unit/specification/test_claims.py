"""A specification as data, and what is said of it when it is not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.specification.claims import Proof, Specification, Standing, load_topics
from harness.verdict import Verdict

WHOLE = """
prefix = "CB"
title = "Circuit breaker"

[[claims]]
id = "CB-001"
standing = "holds"
says = "It opens."
evidence = "The service counts no calls."

[[claims]]
id = "CB-002"
standing = "corrected"
says = "It is shared."
truth = "Each workflow has its own."
evidence = "Two workflows count apart."

[[claims]]
id = "CB-003"
standing = "not-testable"
says = "Use one for each service."
truth = "It is advice."
"""


def folder_with(tmp_path: Path, **files: str) -> list[Path]:
    """Return a folder that holds these topics."""
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return [tmp_path]


def specification(tmp_path: Path, *proofs: Proof) -> Specification:
    """Return the whole topic with these proofs."""
    return Specification(topics=load_topics(folder_with(tmp_path, breaker=WHOLE)), proofs=proofs)


def proof(*claims: str, said: Verdict | None = None, name: str = "breaker/opens") -> Proof:
    """Return a scenario that proves claims."""
    return Proof(name=name, claims=claims, path=Path("x.py"), verdicts=dict.fromkeys(claims, said) if said else {})


def test_a_topic_is_read(tmp_path: Path) -> None:
    """What stands in the file is what is known, in its order."""
    (topic,) = load_topics(folder_with(tmp_path, breaker=WHOLE))

    assert topic.title == "Circuit breaker"
    assert [claim.standing for claim in topic.claims] == [
        Standing.HOLDS,
        Standing.CORRECTED,
        Standing.NOT_TESTABLE,
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("standing", "standng", "CB-001.standng: unknown key. Did you mean 'standing'?"),
        ('"holds"', '"wrong"', "CB-001.standing: Input should be 'holds', 'imprecise', 'corrected' or 'not-testable'"),
        ('truth = "Each workflow has its own."', "", "CB-002: standing is 'corrected', but it has no truth"),
        ('evidence = "The service counts no calls."', "", "CB-001: it has no evidence"),
        ('says = "It opens."', 'says = "It opens."\ntruth = "Yes."', "CB-001: standing is 'holds', but it has a truth"),
        ("CB-002", "CB-001", "the ids CB-001 occur twice"),
        ("CB-002", "DLQ-002", "the ids DLQ-002 do not start with CB-"),
        ("CB-002", "CB-2", "CB-2.id: String should match pattern"),
        ("[[claims]]", "[claims]]", "is not TOML"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    """The file, the claim and what is wrong with it are named."""
    folders = folder_with(tmp_path, breaker=WHOLE.replace(old, new, 1))

    with pytest.raises(UsageError, match=r"breaker\.toml") as caught:
        load_topics(folders)

    assert told in str(caught.value)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    """A folder that is not there, two files of one topic, and a file that is no TOML."""
    folders = [*folder_with(tmp_path, one=WHOLE, two=WHOLE, three="="), tmp_path / "absent"]

    with pytest.raises(UsageError) as caught:
        load_topics(folders)

    assert len(caught.value.problems) == 3


def test_what_has_no_proof_is_known(tmp_path: Path) -> None:
    """Of claims that can be tested, those that nothing proves."""
    assert specification(tmp_path, proof("CB-001")).unproven == ["CB-002"]


def test_a_proof_of_nothing_is_known(tmp_path: Path) -> None:
    """A scenario that names a claim which there is not is told, with the nearest."""
    (told,) = specification(tmp_path, proof("CB-0O2")).unknown

    assert told.startswith("breaker/opens: unknown claim 'CB-0O2'. Did you mean 'CB-002'?")


def test_the_worst_of_what_proofs_said_counts(tmp_path: Path) -> None:
    """One proof that fails is enough; one that was not run says nothing."""
    proofs = [proof("CB-001", said=Verdict.PASSED), proof("CB-001", said=Verdict.FAILED, name="b"), proof("CB-002")]
    told = specification(tmp_path, *proofs)

    assert told.verdict_of("CB-001") is Verdict.FAILED
    assert told.verdict_of("CB-002") is None


def test_a_part_is_chosen_by_globs(tmp_path: Path) -> None:
    """Claims by id or glob, with their proofs."""
    part = specification(tmp_path, proof("CB-001"), proof("CB-002", name="b")).select(["*-002"])

    assert list(part.claims) == ["CB-002"]
    assert [one.name for one in part.proofs] == ["b"]


def test_a_choice_of_nothing_is_refused(tmp_path: Path) -> None:
    """Every id that means no claim, with what there is."""
    with pytest.raises(UsageError) as caught:
        specification(tmp_path).select(["CB-00I", "XYZ-*"])

    assert "Did you mean 'CB-001'?" in caught.value.problems[0]
    assert "Available: CB-*" in caught.value.problems[1]
