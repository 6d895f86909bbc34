"""A storage holds at the end the objects that the workflow's result refers to, complete, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.events import EffectApplied, Kept
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.files.wording import and_more, cut
from harness.oracle import broken, cannot_tell
from harness.services.service import FakeService
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class NoOrphanObjects:
    """No object is left without a reference, and no reference names a missing object (EXT-002, EXT-003).

    The references are in the workflow's result; a workflow that did not complete has none.

    Attributes:
        of: The storage, which records what it holds as `Kept`, with its `size` and `sha256`.
        key: The field of the result, at any depth, that holds an object's key.
        size: The field beside it that holds the object's size, if there is one.
        checksum: The field beside it that holds the SHA-256, if there is one.
        left: The field of the result, at any depth, that lists the keys of objects that could not be deleted. These
            objects must exist.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: type[FakeService]
    key: str = "storage_key"
    size: str = "size_bytes"
    checksum: str = "checksum"
    left: str = "left_behind"

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the objects with the references."""
        name = self.of.name()
        if not any(event.service == name for event in evidence.of(EffectApplied)):
            yield cannot_tell(self, f"nothing was stored at {name}, so nothing can be judged.")
            return
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; an object may still be deleted, or referred to.")
            return
        held = {one.key: one.body for one in evidence.of(Kept) if one.service == name}
        result = evidence.outcome.result if evidence.outcome.status is Status.COMPLETED else None
        references = {one[self.key]: one for one in _mappings(result) if isinstance(one.get(self.key), str)}
        left = {key for one in _mappings(result) for key in _texts(one.get(self.left))}
        for key in sorted(held.keys() - references.keys() - left):
            yield broken(self, f"{cut(key)} is left at {name}, but the workflow's result does not refer to it.")
        for key in sorted(references.keys() - held.keys()):
            yield broken(self, f"the workflow's result refers to {cut(key)}, which {name} does not hold.")
        for key in sorted(left - held.keys()):
            yield broken(self, f"the workflow's result lists {cut(key)} as left behind, but {name} does not hold it.")
        for key in sorted(references.keys() & held.keys()):
            yield from self._whole(key, references[key], held[key])

    def _whole(self, key: str, reference: Mapping[str, Any], held: Any) -> Iterator[Finding]:
        expected = {"size": reference.get(self.size), "sha256": reference.get(self.checksum)}
        wrong = [
            f"{name} is {held.get(name)}, expected {value}"
            for name, value in expected.items()
            if value is not None and held.get(name) != value
        ]
        if wrong:
            yield broken(
                self, f"{cut(key)} differs from the workflow's result: {cut(wrong[0])}{and_more(wrong)}.", detail=wrong
            )


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a result, at any depth."""
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _mappings(one)


def _texts(value: Any) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
