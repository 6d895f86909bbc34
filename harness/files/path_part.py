"""The one way in which a name from outside becomes a part of a path: a workflow id, a target, a test's parameters."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote, unquote

LONGEST = 200
"""From which length on a name is cut: Temporal allows ids of 1000 characters, file systems mostly names of 255."""

EMPTY = "%"
"""The part for the empty name; no other name becomes it."""

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])(?=$|\.)")


def path_part(name: str, *, longest: int = LONGEST) -> str:
    """Return a name as one part of a path, on every system: no separator, no "." or "..", nothing reserved.

    Letters, digits, "_", "-", "~" and inner dots stay, everything else is written as %xx of its UTF-8. `name_of` gives
    the name back. A name that is too long is cut, and ends with a hash of all of it.
    """
    part = quote(name, safe="", errors="surrogatepass") or EMPTY
    if part.startswith(".") or _RESERVED.match(part):
        part = f"%{ord(part[0]):02X}{part[1:]}"
    if part.endswith("."):
        part = f"{part[:-1]}%2E"
    if len(part) > longest:
        part = f"{part[:longest]}~{sha256(part.encode()).hexdigest()[:8]}"
    return part


def name_of(part: str) -> str:
    """Return the name that became this part of a path; of one that was cut, its beginning and the hash."""
    return "" if part == EMPTY else unquote(part, errors="surrogatepass")
