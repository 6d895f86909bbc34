"""Whatever is in a document, it is made a fake of, or refused in sentences."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.contracts.fake import fake_of
from harness.contracts.reading import read_file
from harness.errors import UsageError

CONTRACTS = Path(__file__).parents[2] / "contracts"

ODD: list[Any] = [None, True, 0, -1.5, "", "x", [], ["x"], {}, {"x": None}, {"$ref": "#/paths"}]


def spoilt(data: Any, seed: int) -> Any:
    """Return a document in which something is something else."""
    random = Random(seed)  # noqa: S311 - repeatable chance, not secrecy
    data = copy.deepcopy(data)
    for _ in range(random.randint(1, 3)):
        node, places = data, []
        while isinstance(node, dict | list) and node:
            key = random.choice([*node] if isinstance(node, dict) else range(len(node)))
            places.append((node, key))
            node = node[key]
        at, key = random.choice(places[1:] or places)
        at[key] = copy.deepcopy(random.choice(ODD))
    return data


@pytest.mark.parametrize("name", ["payments.yaml", "bookings.json", "projects.yaml", "machines.yaml", "shipping.har"])
@pytest.mark.parametrize("seed", range(100))
def test_what_is_spoilt_is_no_traceback(name: str, seed: int, tmp_path: Path) -> None:
    """The source that is made can be compiled."""
    file = tmp_path / "spoilt.json"
    data = read_file(CONTRACTS / name)
    file.write_text(json.dumps(spoilt(data, seed)), encoding="utf-8")

    try:
        text = fake_of(file, "spoilt").text
    except UsageError:
        return
    compile(text, "spoilt.py", "exec")
