"""What a shell is offered for the names in a command line; found by paths, since to import them takes seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem

from harness.extensions import extensions
from harness.files.scenario_paths import scenario_paths
from harness.project_tables import nearest_tables


def scenario_names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the scenarios of the project, and a glob for each pattern."""
    root, table = _project()
    names = {name for folder in _folders(table, "scenarios") for name, _ in scenario_paths(root / folder)}
    globs = {f"{name.partition('/')[0]}/*" for name in names}
    return _beginning(incomplete, sorted({*names, *globs}))


def target_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the scenarios of the project, and where none begins so, files."""
    names = [one for one in scenario_names(ctx, param, incomplete) if "*" not in one.value]
    return names or [CompletionItem(incomplete, type="file")]


def fake_names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the fakes of the project, and those of other distributions."""
    root, table = _project()
    files = [one for folder in _folders(table, "fakes") for one in (root / folder).glob("*.py")]
    own = {one.stem for one in files if not one.stem.startswith("_")}
    return _beginning(incomplete, sorted({*own, *extensions("fakes").found}))


def _project() -> tuple[Path, Mapping[str, Any]]:
    found = nearest_tables(Path.cwd())
    if found is None:
        return Path.cwd(), {}
    return found.folder, found.shared if found.own is None else found.own


def _folders(table: Mapping[str, Any], key: str) -> list[str]:
    return [*table.get(key, [key])]


def _beginning(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(one) for one in names if one.startswith(incomplete)]


class Bash(BashComplete):
    """Completes for bash, which does not quote what it inserts, as zsh and fish do."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for the shell's function, which reads one of two backslashes, and inserts the other."""
        return super().format_completion(CompletionItem(_SPECIAL.sub(r"\\\\\g<0>", item.value), type=item.type))


_SPECIAL = re.compile(r"[^\w@%+=:,./-]")
"""Characters that mean something to bash, in any place."""
