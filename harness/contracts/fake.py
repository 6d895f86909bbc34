"""Makes the source of a fake from a contract, or from recorded traffic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.contracts.document import Document
from harness.contracts.examples import ExampleFinder
from harness.contracts.models import Models
from harness.contracts.operations import Operations
from harness.contracts.pairs import OperationRole, Role, RoleFinder
from harness.contracts.reading import check_contract, is_traffic, read_file
from harness.contracts.schemas import Schemas
from harness.contracts.traffic import contract_of
from harness.contracts.writing import FakeWriter, headed
from harness.errors import UsageError
from harness.files.naming import camel_case
from harness.services.contract_service import ContractService


@dataclass(frozen=True, kw_only=True)
class MadeFake:
    """A fake that was made.

    Attributes:
        text: The source of its file.
        parts: What each of its operations does.
        left: What could not be expressed.
        document: The contract, as it was read, or made from traffic.
    """

    text: str
    parts: Sequence[OperationRole]
    left: Sequence[str]
    document: Document

    @property
    def undone(self) -> int:
        """How many operations undo what another one does."""
        return sum(part.role is Role.REMOVES for part in self.parts)


def fake_of(file: Path, name: str, *, hosts: Sequence[str] = ()) -> MadeFake:
    """Make a fake.

    Args:
        file: An OpenAPI document, or a HAR file.
        name: The fake's name, such as "payments".
        hosts: Which hosts of recorded traffic it stands for.

    Raises:
        UsageError: The file holds neither, or nothing to make a fake of.
    """
    data: dict[str, Any] = read_file(file)
    left: list[str] = []
    if is_traffic(data):
        data, left = contract_of(file, data, hosts=hosts)
    elif hosts:
        raise UsageError("--host chooses among the hosts of recorded traffic; leave it out for an OpenAPI document.")
    check_contract(file, data)
    document = Document(file, data)
    schemas = Schemas(document)
    examples = ExampleFinder(document, schemas)
    operations = Operations(document, schemas, examples, _TAKEN)
    found = operations.all()
    if not found:
        raise UsageError(f"{file} has no operation with GET, POST, PUT, PATCH or DELETE; there is nothing to answer.")
    webhooks = document.data.get("webhooks")
    if isinstance(webhooks, dict) and webhooks:
        left.append(f"webhooks, which are not sent: {', '.join(webhooks)}")
    parts = RoleFinder(found, schemas).all()
    kind = camel_case(name)
    models = Models(schemas, frozenset({kind}))
    info = document.data.get("info")
    info = info if isinstance(info, dict) else {}
    writer = FakeWriter(kind, schemas, examples, models, operations.prefix())
    left = [*left, *operations.left]
    about = headed(info)
    text = writer.text(
        parts,
        title=_title(info, name),
        source=f"{file.name}{f' ({_plain(about)})' if about else ''}",
        left=left,
    )
    return MadeFake(text=text, parts=parts, left=[*left, *models.left], document=document)


_TAKEN = frozenset({*dir(ContractService), "journal", "ledger", "in_flight", "workflow_clock"})
"""What every fake has, so that no operation can be called that."""


def _title(info: dict[str, Any], name: str) -> str:
    text = re.split(r"(?<=[.!?])\s|\n", str(info.get("description") or "").strip())[0].strip()
    text = text or f"Stands in for {info.get('title') or name}"
    text = _plain(text)[:110].strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _plain(text: str) -> str:
    return re.sub(r'["\\]', "'", re.sub(r"\s+", " ", text))
