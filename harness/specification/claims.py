"""The claims of a specification: one TOML file per topic, validated as a whole."""

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
    """How a claim compares with the truth."""

    HOLDS = "holds"
    IMPRECISE = "imprecise"
    CORRECTED = "corrected"
    NOT_TESTABLE = "not-testable"


class Claim(BaseModel):
    """One statement about behaviour, with its truth.

    Attributes:
        id: Topic and number, such as "SAGA-001".
        standing: Whether it holds.
        says: The claim, as guides make it.
        truth: What is true instead, or why it cannot be tested; empty if the claim holds.
        evidence: The observation that decides it.
        fault: The fault that shows it.
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
            raise ValueError(
                "standing is 'holds', but it has a truth; remove the truth, or use standing 'imprecise' or 'corrected'."
            )
        if self.standing is not Standing.HOLDS and not self.truth:
            raise ValueError(
                f"standing is {self.standing.value!r}, but it has no truth; add the truth, or why it cannot be tested."
            )
        if self.standing is not Standing.NOT_TESTABLE and not self.evidence:
            raise ValueError("it has no evidence; add the observation that decides it.")
        return self

    @property
    def testable(self) -> bool:
        """Whether it needs a proof."""
        return self.standing is not Standing.NOT_TESTABLE


class Topic(BaseModel):
    """The claims of one topic: what one file holds.

    Attributes:
        prefix: The start of the ids of its claims.
        title: The heading.
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
            raise ValueError(f"the ids {', '.join(strangers)} do not start with {self.prefix}-.")
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"the ids {', '.join(twice)} occur twice.")
        return self


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A scenario or a test that would fail if a claim did not hold.

    Attributes:
        name: The scenario's name, or the test's id without parameters.
        claims: The ids of the claims that it proves.
        path: The file, relative to the project.
        verdicts: Its verdict by claim id; empty if it did not run, as far as is known.
    """

    name: str
    claims: tuple[str, ...]
    path: Path
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, kw_only=True)
class Specification:
    """All topics and proofs.

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
        """The ids of testable claims without a proof."""
        proven = {claim for proof in self.proofs for claim in proof.claims}
        return [one.id for one in self.claims.values() if one.testable and one.id not in proven]

    @property
    def unknown(self) -> list[str]:
        """A sentence for each unknown claim that a proof names."""
        return [
            f"{proof.name}: {_unknown_claim(claim, self.claims)}"
            for proof in self.proofs
            for claim in proof.claims
            if claim not in self.claims
        ]

    def proofs_of(self, claim: str) -> list[Proof]:
        """Return the proofs of a claim."""
        return [proof for proof in self.proofs if claim in proof.claims]

    def verdict_of(self, claim: str) -> Verdict | None:
        """Return the worst verdict of its proofs; None if none of them ran."""
        verdicts = [proof.verdicts[claim] for proof in self.proofs_of(claim) if claim in proof.verdicts]
        return worst(verdicts) if verdicts else None

    def select(self, patterns: Sequence[str]) -> Specification:
        """Return the part that these ids or globs match; everything if there are none.

        Raises:
            UsageError: An id or glob matches no claim; every problem at once.
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
        UsageError: A folder does not exist, a file is invalid, or two files have one topic; every problem at once.
    """
    topics: list[Topic] = []
    problems = [
        f"folder {one} does not exist; set the folders of claims with `claims` in [tool.harness]."
        for one in folders
        if not one.is_dir()
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
        f"two files have the prefix {one}." for one in sorted({one for one in prefixes if prefixes.count(one) > 1})
    ]
    if problems:
        raise UsageError(*problems)
    return tuple(sorted(topics, key=lambda topic: topic.title))


def _sentence(error: Mapping[str, Any], file: Path) -> str:
    """One problem of a file, with the id of its claim where that can be read."""
    where = error["loc"]
    place = ".".join(map(str, where))
    if len(where) > 1 and where[0] == "claims":
        data = tomllib.loads(file.read_text(encoding="utf-8"))["claims"][where[1]]
        place = ".".join([str(data.get("id", f"claim number {where[1] + 1}")), *map(str, where[2:])])
    return f"{file}: {invalid(error, where=place, known=[*Claim.model_fields, *Topic.model_fields])}"
