"""Addresses that a user gives on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator


def address_problem(what: str, address: str | None, *, example: str) -> Iterator[str]:
    """Yield what is wrong with an address, if it is not HOST:PORT.

    Args:
        what: What it is the address of, such as "Toxiproxy".
        address: The address that came; None is no problem.
        example: One that would be right.
    """
    if address is None:
        return
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})", address)
    if match is None or not 0 < int(match[2]) < 2**16:
        yield f"the {what} address must be HOST:PORT, such as {example}; got {address!r}."
