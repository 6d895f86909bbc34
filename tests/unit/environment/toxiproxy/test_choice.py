"""Which Toxiproxy is chosen, and which wishes are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.environment.toxiproxy.choice import open_toxiproxy
from harness.errors import UsageError
from harness.processes.guard import ProcessGuard


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"provider": "embeded"}, "Did you mean 'embedded'"),
        ({"provider": "address"}, "needs --toxiproxy HOST:PORT"),
        ({"provider": "binary", "address": "127.0.0.1:1"}, "not both"),
        ({"address": "nonsense"}, "HOST:PORT"),
        ({"address": "http://127.0.0.1:8474"}, "HOST:PORT"),
        ({"address": "127.0.0.1"}, "HOST:PORT"),
    ],
)
async def test_refused_wishes(wishes: dict[str, str], message: str) -> None:
    """A wish that cannot be meant is the user's mistake, told before anything starts."""
    with pytest.raises(UsageError, match=message):
        async with open_toxiproxy(guard=ProcessGuard(), log=Path("unused"), **wishes):  # type: ignore[arg-type]  # a table
            pass
