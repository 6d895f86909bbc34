"""What the SDK's core says of a workflow task that it cannot complete, as a sentence for whoever wrote the workflow.

Its texts are those of a log: `[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit.`
"""

from __future__ import annotations

import re

_SENTENCES = {
    "TMPRL1103": "what the workflow sends in it (arguments, results, details) is larger than the server accepts, "
    "2 MB by default. Pass a reference to large data, or use a payload codec that stores it elsewhere.",
}

_CODE = re.compile(r"\[(TMPRL\d+)\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def in_a_sentence(text: str) -> str:
    """Return a text of the SDK's core in plain words where they are known; else without colours."""
    plain = _COLOUR.sub("", text)
    found = _CODE.search(plain)
    sentence = _SENTENCES.get(found[1]) if found else None
    return plain if sentence is None or found is None else f"{sentence} [{found[1]}]"
