"""Reads YAML as JSON would have it: dates stay texts, and only true and false are truth values."""

from __future__ import annotations

import re
from typing import Any

import yaml

_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotYaml(ValueError):  # noqa: N818 - a state of the text
    """A text is not YAML: line, column and what is wrong, to be put behind the name of its file."""


class _Loader(_FASTEST):  # type: ignore[misc]  # chosen when it is imported
    """A loader with JSON's types."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in _FASTEST.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")


def read_yaml(text: str) -> Any:
    """Return the value of a text.

    Raises:
        NotYaml: The text is not YAML.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader's child
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise NotYaml(f"{place} is not YAML: {what}") from error
    except ValueError as error:
        raise NotYaml(f" is not YAML: {error}") from error
