"""A contract and the fake that is made from it are held together: what the contract allows is answered as it says."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from harness.contracts.fake import MadeFake, fake_of
from harness.files.naming import camel_case
from harness.services.contract_service import ContractService
from tests.contracts.large import large

CONTRACTS = Path(__file__).parents[1] / "contracts"

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def made(file: Path, name: str, folder: Path) -> tuple[MadeFake, type[ContractService]]:
    """Make a fake, and import it."""
    fake = fake_of(file, name)
    path = folder / f"{name}.py"
    path.write_text(fake.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"made_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    kind = getattr(module, camel_case(name))
    assert issubclass(kind, ContractService)
    return fake, kind


@pytest.fixture(params=["payments.yaml", "bookings.json", "projects.yaml", "machines.yaml", "shipping.har", "large"])
def contract(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Each of five contracts of different styles, and what was recorded of a service."""
    if request.param != "large":
        return CONTRACTS / str(request.param)
    file = tmp_path / "large.json"
    file.write_text(json.dumps(large(20)), encoding="utf-8")
    return file


async def test_every_answer_is_valid(contract: Path, tmp_path: Path) -> None:
    """Whatever the contract allows is asked, with credentials and without; all answers are as the contract says."""
    fake, kind = made(contract, contract.stem, tmp_path)
    service = kind()
    await service.start()
    try:
        asked = await asyncio.to_thread(lambda: [*ask(fake, service.base_url(service.address))])
    finally:
        await service.stop()

    assert len(asked) == len(fake.parts)


def ask(fake: MadeFake, url: str) -> Iterator[str]:
    """Ask each operation, with data that the contract allows; raise for the first answer that it does not."""
    schema = schemathesis.openapi.from_dict(fake.document.data)
    credentials = {"Authorization": "Bearer t", "X-Api-Key": "k"}
    if contracts_basic(fake):
        credentials["Authorization"] = "Basic YTpi"
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an error raises here

        @given(case=operation.as_strategy())
        @settings(
            max_examples=12,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=[*HealthCheck],
        )
        def allowed(case: Any) -> None:
            for headers in (credentials, None):
                case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)

        allowed()
        yield operation.label


def contracts_basic(fake: MadeFake) -> bool:
    """Whether a contract wants basic credentials."""
    schemes = fake.document.data.get("components", {}).get("securitySchemes", {})
    return any(one.get("scheme") == "basic" for one in schemes.values())


def test_what_was_created_is_removed_by_its_key(tmp_path: Path) -> None:
    """Through the command line: the file is made in a project, and the fake answers there by itself."""
    command = [sys.executable, "-P", "-m", "harness", "add", "fake", "payments", "--from"]
    contract = str(CONTRACTS / "payments.yaml")
    added = subprocess.run([*command, contract], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)

    assert (added.returncode, added.stderr) == (0, "")
    assert "11 operations; 3 pairs" in added.stdout
    again = subprocess.run([*command, contract], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
    assert "0 files written, 1 already there" in again.stdout
    listed = subprocess.run(
        [sys.executable, "-P", "-m", "harness", "fake"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "payments" in listed.stdout


def test_mypy_has_nothing_against_the_files(tmp_path: Path) -> None:
    """As strict as with the fakes of this project."""
    for name in ("payments.yaml", "bookings.json", "projects.yaml", "machines.yaml", "shipping.har"):
        stem = name.partition(".")[0]
        (tmp_path / f"{stem}.py").write_text(fake_of(CONTRACTS / name, stem).text, encoding="utf-8")

    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            f"--cache-dir={tmp_path / 'cache'}",
            str(tmp_path),
        ],
        cwd=CONTRACTS.parents[1],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
