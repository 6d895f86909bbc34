"""Reads a contract or recorded traffic from a file, and refuses what is neither in one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.extras import Extra, install
from harness.files.wording import listed

LIMIT = 16 * 2**20
"""How many bytes a file may have."""

MOST_VALUES = 2_000_000
"""How many values may be in it: aliases of YAML make much of little."""


VERSIONS = re.compile(r"3\.[01](\.\d+)?(-.+)?")


def read_file(file: Path) -> dict[str, Any]:
    """Return the JSON object in a file of JSON or YAML.

    Raises:
        UsageError: It cannot be read, is too large, or holds no object.
    """
    try:
        size = file.stat().st_size
        if size > LIMIT:
            raise UsageError(
                f"{file} has {size / 2**20:.0f} MB, and up to {LIMIT // 2**20} MB are read; "
                "leave out what your application does not call."
            )
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; name an OpenAPI document or a HAR file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8, from byte {error.start} on; save it as UTF-8.") from error
    try:
        found = _json(file, text) if text.lstrip()[:1] in {"{", "["} else _yaml(file, text)
        plain = _Plain().of(found)
    except RecursionError as error:
        raise UsageError(f"{file} is nested too deeply to be a contract.") from error
    except _TooManyError as error:
        raise UsageError(
            f"{file} has more than {MOST_VALUES:,} values once its aliases are written out; leave some out."
        ) from error
    if not isinstance(plain, dict):
        raise UsageError(f"{file} holds {_kind(plain)}, and no object with `openapi` or `log`; is it the right file?")
    return plain


def is_traffic(data: Mapping[str, Any]) -> bool:
    """Whether a file's object is recorded traffic."""
    return "log" in data and "openapi" not in data


def check_contract(file: Path, data: Mapping[str, Any]) -> None:
    """Refuse what is no OpenAPI document of a version that is read, or one without operations.

    Raises:
        UsageError: With what to do.
    """
    version = data.get("openapi")
    if version is None and "swagger" in data:
        raise UsageError(
            f"{file} is Swagger {data['swagger']}; OpenAPI 3.0 and 3.1 are read. Convert it first, for example with "
            f"`npx swagger2openapi {file.name} --outfile openapi.yaml`."
        )
    if version is None:
        raise UsageError(
            f"{file} has no `openapi`, so it is no OpenAPI document; "
            f"it has {listed(map(str, [*data][:5])) or 'nothing'}."
        )
    if not VERSIONS.fullmatch(str(version)):
        raise UsageError(f"{file} is OpenAPI {version}; 3.0 and 3.1 are read.")
    paths = data.get("paths")
    if not isinstance(paths, dict) or not any(isinstance(one, dict) for one in paths.values()):
        what = "webhooks only, which the service sends and does not receive" if data.get("webhooks") else "no paths"
        raise UsageError(f"{file} has {what}; there is nothing for a fake to answer.")


def _json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and file.suffix in {".yaml", ".yml"}:
            return _yaml(file, text)
        raise UsageError(f"{file} is not JSON: {error}.") from error


def _yaml(file: Path, text: str) -> Any:
    if find_spec("yaml") is None:
        raise UsageError(f"{file} is YAML, which needs PyYAML: {install(Extra.CONTRACTS)}; or convert it to JSON.")
    from harness.contracts.yaml_text import NotYaml, read_yaml  # noqa: PLC0415 - an extra

    try:
        return read_yaml(text)
    except NotYaml as error:
        raise UsageError(f"{file}{error}.") from error


class _TooManyError(Exception):
    """There are more values than anybody wrote."""


class _Plain:
    """Makes JSON values of what YAML may have: keys that are numbers, and one value in many places."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def of(self, value: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _TooManyError
        if isinstance(value, dict):
            return {str(key): self.of(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        return value


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", type(None): "nothing"}.get(type(value), "a value")
