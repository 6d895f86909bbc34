"""A storage holds at the end what the workflow's result refers to, whole, and nothing besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.events import EffectApplied, Kept
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.oracle import broken, cannot_tell
from harness.services.service import FakeService
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class NoOrphanObjects:
    """No object is left that nobody refers to, and no reference leads nowhere (EXT-002, EXT-003).

    What the workflow refers to stands in its result; one that did not complete refers to nothing.

    Attributes:
        of: The storage, which tells what it holds as `Kept`, with its `size` and `sha256`.
        key: The field of the result, at any depth, that holds an object's key.
        size: The field beside it that holds the object's size, if it is there.
        checksum: The field beside it that holds the SHA-256, likewise.
        left: The field of the result, at any depth, that lists the keys of objects that could not be deleted: they
            must then be there indeed.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    of: type[FakeService]
    key: str = "storage_key"
    size: str = "size_bytes"
    checksum: str = "checksum"
    left: str = "left_behind"

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare what is held with what is referred to."""
        name = self.of.name()
        if not any(event.service == name for event in evidence.of(EffectApplied)):
            yield cannot_tell(self, f"nothing was ever stored at {name}.")
            return
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; what is held may yet be deleted, or referred to.")
            return
        held = {one.key: one.body for one in evidence.of(Kept) if one.service == name}
        result = evidence.outcome.result if evidence.outcome.status is Status.COMPLETED else None
        references = {one[self.key]: one for one in _mappings(result) if isinstance(one.get(self.key), str)}
        left = {key for one in _mappings(result) for key in _texts(one.get(self.left))}
        for key in sorted(held.keys() - references.keys() - left):
            yield broken(self, f"{key} is left at {name}, and the workflow's result does not refer to it.")
        for key in sorted(references.keys() - held.keys()):
            yield broken(self, f"the workflow's result refers to {key}, which {name} does not hold.")
        for key in sorted(left - held.keys()):
            yield broken(self, f"the workflow's result says that {key} is left behind, but {name} does not hold it.")
        for key in sorted(references.keys() & held.keys()):
            yield from self._whole(key, references[key], held[key])

    def _whole(self, key: str, reference: Mapping[str, Any], held: Any) -> Iterator[Finding]:
        said = {"size": reference.get(self.size), "sha256": reference.get(self.checksum)}
        wrong = [
            f"its {name} is {held.get(name)}, the reference says {value}"
            for name, value in said.items()
            if value is not None and held.get(name) != value
        ]
        if wrong:
            yield broken(self, f"{key} is not what the workflow's result refers to.", detail=wrong)


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
