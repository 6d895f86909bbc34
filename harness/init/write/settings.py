"""Writes `[tool.harness]` into pyproject.toml, unless the project has settings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from harness.init.write.addition import Addition

FILE = "pyproject.toml"


def write_settings(root: Path, *, scenarios: str, fakes: str, has_them: bool) -> Iterator[Addition]:
    """Yield the file with the table, if the project has no settings.

    Args:
        root: The project's folder.
        scenarios: The folder of scenarios.
        fakes: The folder of fakes.
        has_them: Whether the project has settings.
    """
    if has_them:
        return
    there = (root / FILE).exists()
    text = (root / FILE).read_bytes().decode() if there else ""
    yield Addition(
        path=Path(FILE),
        text=_with_table(text, {"scenarios": [scenarios], "fakes": [fakes]}),
        what="[tool.harness]: where scenarios and fakes are",
        extends=there,
    )


def _with_table(text: str, values: dict[str, list[str]]) -> str:
    """Return the text with the table behind everything that is there."""
    import tomlkit  # noqa: PLC0415 - [server] brings it

    end = "\r\n" if "\r\n" in text else "\n"
    lines = ["[tool.harness]", *(f"{name} = {tomlkit.item(value).as_string()}" for name, value in values.items())]
    between = "" if not text.strip() else end if text.endswith("\n") else end * 2
    longer = f"{text}{between}{end.join(lines)}{end}"
    try:
        tomllib.loads(longer)
    except tomllib.TOMLDecodeError:
        # `tool = {...}` in one line takes nothing from outside.
        document = tomlkit.parse(text)
        document["tool"]["harness"] = values
        return tomlkit.dumps(document)
    return longer
