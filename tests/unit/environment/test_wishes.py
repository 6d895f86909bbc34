"""An address that is none is refused before anything is started."""

from __future__ import annotations

import pytest

from harness.environment.open import Wishes
from harness.errors import UsageError


@pytest.mark.parametrize("address", ["nohost", "a:b:c", "", "http://127.0.0.1:8474", "host:0", "host:65536", ":8474"])
def test_an_address_is_host_and_port(address: str) -> None:
    """Of either server; both are named at once."""
    with pytest.raises(UsageError) as refused:
        Wishes(temporal=address, toxiproxy=address)

    assert refused.value.problems == (
        f"the Temporal server address must be HOST:PORT, such as 127.0.0.1:7233; got {address!r}.",
        f"the Toxiproxy address must be HOST:PORT, such as 127.0.0.1:8474; got {address!r}.",
    )


@pytest.mark.parametrize("address", ["127.0.0.1:8474", "localhost:1", "[::1]:65535", "orders.a2dd6.tmprl.cloud:7233"])
def test_an_address_by_name_or_number_is_taken(address: str) -> None:
    """IPv6 in brackets."""
    assert Wishes(temporal=address, toxiproxy=address).temporal == address
