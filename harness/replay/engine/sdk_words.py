"""What the SDK says of a failed replay, without the debug output of its core."""

from __future__ import annotations

import re

LONGEST = 600
"""How many characters of it are shown."""

_MESSAGE = re.compile(r'^Workflow activation completion failed: Failure \{.*?message: "(.*?)", source: ', re.DOTALL)

_EVENT = re.compile(r"HistoryEvent \{ event_id: (\d+).*?event_type: (\w+).*", re.DOTALL)


def sentence(text: str) -> str:
    """Return it on one line, and an event in it as its id and type."""
    message = _MESSAGE.match(text)
    words = message[1].replace('\\"', '"') if message else text
    words = " ".join(_EVENT.sub(r"event \1 \2", words).split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
