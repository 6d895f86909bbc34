"""What a specification claims, as data: one TOML file a topic, validated as a whole."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harness.errors import UsageError, invalid, unknown
from harness.verdict import Verdict, worst


class Standing(StrEnum):
    """How what is said compares with what is true."""

    HOLDS = "holds"
    IMPRECISE = "imprecise"
    CORRECTED = "corrected"
    NOT_TESTABLE = "not-testable"


class Claim(BaseModel):
    """One statement about behaviour, with its truth.

    Attributes:
        id: Topic and number, such as "SAGA-001".
        standing: Whether it holds as it is said.
        says: What guides say.
        truth: What is true instead; why it cannot be tested, where it cannot. Empty where it holds.
        evidence: What decides it.
        fault: What has to go wrong for it to show.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[A-Z]+-\d{3}$")
    standing: Standing
    says: str = Field(min_length=1)
    truth: str = ""
    evidence: str = ""
    fault: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.standing is Standing.HOLDS and self.truth:
            raise ValueError("it holds as it is said, and has a truth besides; which of them is it?")
        if self.standing is not Standing.HOLDS and not self.truth:
            raise ValueError(f"it is {self.standing} and has no truth; say what is true, or why it cannot be tested.")
        if self.standing is not Standing.NOT_TESTABLE and not self.evidence:
            raise ValueError("it has no evidence; say what decides it.")
        return self

    @property
    def testable(self) -> bool:
        """Whether it needs a proof."""
        return self.standing is not Standing.NOT_TESTABLE


class Topic(BaseModel):
    """The claims of one topic: what one file holds.

    Attributes:
        prefix: What the ids of its claims begin with.
        title: What a heading says.
        claims: In the order of the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prefix: str = Field(pattern=r"^[A-Z]+$")
    title: str = Field(min_length=1)
    claims: tuple[Claim, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        ids = [claim.id for claim in self.claims]
        strangers = [one for one in ids if not one.startswith(f"{self.prefix}-")]
        if strangers:
            raise ValueError(f"{', '.join(strangers)} belong to another topic than {self.prefix}.")
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)} stand here twice.")
        return self


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A scenario or a test that would fail if a claim did not hold.

    Attributes:
        name: The scenario's name, or the test's id without parameters.
        claims: The ids of what it proves.
        path: The file, relative to the project.
        verdicts: By the id of the claim, what it said when it was last run; none where it was not run.
    """

    name: str
    claims: tuple[str, ...]
    path: Path
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, kw_only=True)
class Specification:
    """Every topic, with the proofs there are.

    Attributes:
        topics: In the order of their titles.
        proofs: In the order of their names.
    """

    topics: tuple[Topic, ...]
    proofs: tuple[Proof, ...] = ()

    @property
    def claims(self) -> dict[str, Claim]:
        """All claims by id."""
        return {claim.id: claim for topic in self.topics for claim in topic.claims}

    @property
    def unproven(self) -> list[str]:
        """The ids of claims that could be proven and are not."""
        proven = {claim for proof in self.proofs for claim in proof.claims}
        return [one.id for one in self.claims.values() if one.testable and one.id not in proven]

    @property
    def unknown(self) -> list[str]:
        """What proofs say they prove and no topic holds, a sentence each."""
        return [
            f"{proof.name}: {_unknown_claim(claim, self.claims)}"
            for proof in self.proofs
            for claim in proof.claims
            if claim not in self.claims
        ]

    def proofs_of(self, claim: str) -> list[Proof]:
        """Return what proves a claim."""
        return [proof for proof in self.proofs if claim in proof.claims]

    def verdict_of(self, claim: str) -> Verdict | None:
        """Return the worst of what its proofs said last; None when none of them was run."""
        said = [proof.verdicts[claim] for proof in self.proofs_of(claim) if claim in proof.verdicts]
        return worst(said) if said else None

    def select(self, patterns: Sequence[str]) -> Specification:
        """Return the part that these ids or globs mean; all of it for none.

        Raises:
            UsageError: One of them means no claim; every problem at once.
        """
        if not patterns:
            return self
        strangers = [one for one in patterns if not fnmatch.filter(self.claims, one)]
        if strangers:
            raise UsageError(*(_unknown_claim(one, self.claims) for one in strangers))
        chosen = {name for one in patterns for name in fnmatch.filter(self.claims, one)}
        kept = [
            topic.model_copy(update={"claims": claims})
            for topic in self.topics
            if (claims := tuple(claim for claim in topic.claims if claim.id in chosen))
        ]
        proofs = tuple(proof for proof in self.proofs if chosen & set(proof.claims))
        return Specification(topics=tuple(kept), proofs=proofs)


def _unknown_claim(name: str, known: Mapping[str, Claim]) -> str:
    """The message for an unknown claim, with the claims of its topic; for an unknown topic, with the topics."""
    topic = [one for one in known if one.partition("-")[0] == name.partition("-")[0]]
    return unknown(
        "claim",
        name,
        topic or {f"{one.partition('-')[0]}-*" for one in known},
        list_all="harness claims --brief",
    )


def load_topics(folders: Sequence[Path]) -> tuple[Topic, ...]:
    """Read every `*.toml` of these folders.

    Raises:
        UsageError: A folder is not there, a file is not of this form, or a topic stands twice; all of it at once.
    """
    topics: list[Topic] = []
    problems = [
        f"there is no folder {one}; [tool.harness] claims names where they are." for one in folders if not one.is_dir()
    ]
    for file in (file for folder in folders for file in sorted(folder.glob("*.toml"))):
        try:
            topics.append(Topic.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{file} is not TOML: {error}.")
        except ValidationError as error:
            problems += [_sentence(one, file) for one in error.errors()]
    prefixes = [topic.prefix for topic in topics]
    problems += [
        f"two files hold the topic {one}." for one in sorted({one for one in prefixes if prefixes.count(one) > 1})
    ]
    if problems:
        raise UsageError(*problems)
    return tuple(sorted(topics, key=lambda topic: topic.title))


def _sentence(error: Mapping[str, Any], file: Path) -> str:
    """One problem of a file, with the id of the claim it is about where that can be read."""
    where = error["loc"]
    told = ".".join(map(str, where))
    if len(where) > 1 and where[0] == "claims":
        data = tomllib.loads(file.read_text(encoding="utf-8"))["claims"][where[1]]
        told = ".".join([str(data.get("id", f"claim number {where[1] + 1}")), *map(str, where[2:])])
    return f"{file}: {invalid(error, where=told or 'as a whole', known=[*Claim.model_fields, *Topic.model_fields])}"
