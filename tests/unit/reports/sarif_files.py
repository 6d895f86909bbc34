"""SARIF files as the tests read them: each is checked against what the standard and GitHub require."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))


def results_in(file: Path) -> list[dict[str, Any]]:
    """Return the results of a file that is valid."""
    data = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    (run,) = data["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    results: list[dict[str, Any]] = run["results"]
    assert [rules[one["ruleIndex"]] for one in results] == [one["ruleId"] for one in results]
    assert rules == sorted({one["ruleId"] for one in results})
    return results


def place_in(result: dict[str, Any]) -> str:
    """Return the file and line of a result."""
    place = result["locations"][0]["physicalLocation"]
    return f"{place['artifactLocation']['uri']}:{place['region']['startLine']}"
