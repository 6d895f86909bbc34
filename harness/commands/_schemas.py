"""Writes the JSON schema of every command that has `--json`: `python -m harness.commands._schemas FOLDER`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from harness.commands._json import JsonOption
from harness.files.naming import kinds_in
from harness.reports.json_form import schema_of


def options() -> Mapping[str, JsonOption]:
    """Return the option of each command that has it."""
    commands = {name: import_module(f"harness.commands.{name}").command for name in kinds_in("commands")}
    return {name: option for name, one in commands.items() for option in one.params if isinstance(option, JsonOption)}


def schemas() -> Mapping[str, dict[str, Any]]:
    """Return every schema by its name."""
    found = options()
    named = {one.schema: one.form for one in found.values()}
    writes = {name: [f"harness {command}" for command in found if found[command].schema == name] for name in named}
    return {name: schema_of(form, title=f"JSON of {', '.join(writes[name])}") for name, form in sorted(named.items())}


def main(folder: Path) -> None:
    """Write every schema to a folder."""
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
