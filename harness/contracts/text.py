"""Writes Python: values and calls over as many lines as they need, as ruff lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH = 88
"""The widest line; narrow enough for the formatters that projects use."""


def quoted(text: str) -> str:
    """Return a text as Python writes it, in double quotes where it has none itself."""
    plain = repr(text)
    if plain.startswith('"'):
        return plain
    inner = plain[1:-1].replace("\\'", "'")
    return f"'{plain[1:-1]}'" if '"' in inner else f'"{inner}"'


def literal(value: Any) -> str:
    """Return a JSON value in one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def laid_out(value: Any, *, indent: int, before: int) -> str:
    """Return a JSON value over as many lines as it needs.

    Args:
        value: The value.
        indent: How far its line is indented.
        before: How much stands before it in that line, and behind it.
    """
    flat = literal(value)
    if indent + before + len(flat) <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + 4
    if isinstance(value, dict):
        parts = [
            f"{literal(key)}: {laid_out(one, indent=inner, before=len(literal(key)) + 3)}" for key, one in value.items()
        ]
        begin, end = "{", "}"
    else:
        parts = [laid_out(one, indent=inner, before=1) for one in value]
        begin, end = "[", "]"
    return f"{begin}\n" + "".join(f"{' ' * inner}{one},\n" for one in parts) + f"{' ' * indent}{end}"


def called(name: str, parts: Sequence[str], *, indent: int, before: int) -> str:
    """Return a call, its arguments in one line or in one each.

    Args:
        name: What is called.
        parts: The arguments.
        indent: How far its line is indented.
        before: How much stands before it in that line, and behind it.
    """
    flat = f"{name}({', '.join(parts)})"
    if not parts or ("\n" not in flat and indent + before + len(flat) <= WIDTH):
        return flat
    lines = "".join(f"{' ' * (indent + 4)}{one},\n" for one in parts)
    return f"{name}(\n{lines}{' ' * indent})"
