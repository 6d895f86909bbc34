"""What a contract gives as an example of a call is answered as it says, before and after things are removed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, urlencode

import httpx2
import pytest

from harness.contracts.examples import ExampleFinder
from harness.contracts.fake import MadeFake, fake_of
from harness.contracts.operations import ContractOperation
from harness.contracts.schemas import Schemas
from harness.files.naming import camel_case
from harness.services.contract_service import WHY, ContractService
from harness.services.http_application import application
from tests.contracts.large import large

CONTRACTS = Path(__file__).parents[2] / "contracts"


def service_of(fake: MadeFake, name: str) -> ContractService:
    """An instance of a fake that was made."""
    module = ModuleType(f"answering_{name}")
    sys.modules[module.__name__] = module
    exec(compile(fake.text, f"{name}.py", "exec"), vars(module))  # noqa: S102 - our own
    service = vars(module)[camel_case(name)]()
    assert isinstance(service, ContractService)
    return service


class Caller:
    """Calls the operations of a fake with examples.

    Args:
        fake: The fake.
        service: The same, running.
    """

    def __init__(self, fake: MadeFake, service: ContractService) -> None:
        self._schemas = Schemas(fake.document)
        self._examples = ExampleFinder(fake.document, self._schemas)
        self._prefix = service.prefix
        transport = httpx2.ASGITransport(app=application(service.name(), service._matched(), service.serve, []))
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://fake")

    async def call(self, one: ContractOperation) -> httpx2.Response:
        """Call an operation with all that its contract wants."""
        known = iter(one.path_schemas)
        path = re.sub(r"\{\w+\}", lambda _: quote(str(self._examples.of(next(known), [])[0]), safe=""), one.route)
        headers, query = self._parameters(one)
        given = self._examples.of(one.body, [])[0] if one.body is not None else None
        body = b"" if given is None else json.dumps(given).encode()
        if one.reads == "form":
            body, headers["Content-Type"] = urlencode(given or {}).encode(), "application/x-www-form-urlencoded"
        return await self.client.request(one.method, self._prefix + path, params=query, headers=headers, content=body)

    def _parameters(self, one: ContractOperation) -> tuple[dict[str, str], dict[str, str]]:
        headers = {"Authorization": "Basic YTpi" if "basic" in one.auth else "Bearer t"}
        query: dict[str, str] = {}
        for part in [*one.needs, *(part for either in one.auth for part in either.split(" and "))]:
            place, _, name = part.partition(" ")
            if name:
                (headers if place == "header" else query)[name] = "3f0c1f2e-5a7b-4c8d-9e0f-000000000001"
        return headers, query

    def wrong(self, one: ContractOperation, reply: httpx2.Response) -> str:
        """Say what of an answer the contract does not allow."""
        answers = {one.answer.status: one.answer, **one.refusals}
        found = answers.get(reply.status_code) or answers.get(f"{reply.status_code // 100}XX") or answers.get("default")
        if found is None:
            return f"{one.place}: {reply.status_code} {reply.text} {reply.headers.get(WHY, '')}"
        if not found.is_json:
            return "" if reply.text == str(found.body or "") else f"{one.place}: {reply.text}"
        return "" if self._examples.valid(found.schema, reply.json()) else f"{one.place}: {reply.text}"


@pytest.mark.parametrize(
    "name", ["payments.yaml", "bookings.json", "projects.yaml", "machines.yaml", "shipping.har", "large"]
)
async def test_every_example_is_answered_as_the_contract_says(name: str, tmp_path: Path) -> None:
    """In the order of the contract, twice."""
    file = CONTRACTS / name
    if name == "large":
        file = tmp_path / "large.json"
        file.write_text(json.dumps(large(100)), encoding="utf-8")
    fake = fake_of(file, file.stem)
    caller = Caller(fake, service_of(fake, file.stem))
    wrong, statuses = [], set()

    for one in [*fake.parts, *fake.parts]:
        reply = await caller.call(one.operation)
        statuses.add((one.operation.name, reply.status_code))
        wrong.append(caller.wrong(one.operation, reply))

    assert [*filter(None, wrong)] == []
    created = {(one.operation.name, one.operation.answer.status) for one in fake.parts if one.role.value == "creates"}
    assert created <= statuses
