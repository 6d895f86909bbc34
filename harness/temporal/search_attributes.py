"""Search attributes that a server does not know, and the line that declares one."""

from __future__ import annotations

import re

_UNKNOWN = re.compile(r"no mapping defined for search attribute (\S+?)[.,;]?(?:\s|$)")


def undeclared(message: str) -> str:
    """Return what to do about an error that a server gives for an unknown search attribute; "" for another error.

    Args:
        message: The error's.
    """
    found = _UNKNOWN.search(message)
    if found is None:
        return ""
    name = found[1]
    return (
        f"the server does not know the search attribute {name!r}, so nothing is proved. Declare it in the Target or "
        f'the Application: search_attributes=[SearchAttributeKey.for_keyword("{name}")], or for_int, for_text and '
        "so on for another type; the harness then registers it on its dev server."
    )
