"""A request that cannot be met is answered with a status and Toxiproxy's own words (TX-009)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.embedded_toxiproxy.go_json import BadBody


class Refused(Exception):  # noqa: N818 - an answer, not a failure of ours
    """A request that is answered with an error.

    Args:
        status: HTTP status.
        message: Toxiproxy's words for it.
        done: For populate, the proxies that were done before.
    """

    def __init__(self, status: int, message: str, done: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.done = done


def bad_body(error: BadBody) -> Refused:
    """Turn what is wrong with a body into the answer."""
    return Refused(400, f"bad request body: {error}")
