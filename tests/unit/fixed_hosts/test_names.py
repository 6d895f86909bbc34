"""A host that a fake stands in for is the name of one host, and what is not is refused with what to write."""

from __future__ import annotations

from typing import Any

import pytest

from harness import FakeService, TcpService, UsageError
from harness.fixed_hosts.names import host_problems, is_loopback, plain_host

WRONG: dict[str, tuple[Any, str]] = {
    "an address": ("10.1.2.3", "'10.1.2.3' is an IP address; only names are possible"),
    "an address of IPv6": ("[2001:db8::1]", "is an IP address"),
    "a wildcard": ("*.stripe.com", "'*.stripe.com' is a wildcard, which is not possible; name each host"),
    "a port": ("api.stripe.com:443", "has the port '443'; write 'api.stripe.com'"),
    "a scheme": ("https://api.stripe.com/v1", "is a URL; write the host alone: 'api.stripe.com'"),
    "a path": ("api.stripe.com/v1", "is a URL; write the host alone: 'api.stripe.com'"),
    "this machine": ("localhost", "'localhost' is this machine, where clients connect without a proxy"),
    "this machine's address": ("127.0.0.1", "is this machine"),
    "not ASCII": ("bücher.example", "must be written in ASCII: 'xn--bcher-kva.example'"),
    "a blank": ("api stripe", "'api stripe' is not the name of a host"),
    "an empty label": ("api..com", "is not the name of a host"),
    "nothing": ("", "a host must be text"),
    "a number": (5, "a host must be text, such as hosts = ('api.stripe.com',), got 5."),
}


@pytest.mark.parametrize(("host", "said"), WRONG.values(), ids=WRONG)
def test_what_is_no_host_is_refused(host: Any, said: str) -> None:
    """With one sentence that says what to write."""
    (problem,) = host_problems("Stripe", (host,))

    assert problem.startswith("Stripe: ")
    assert said in problem


@pytest.mark.parametrize("host", ["api.stripe.com", "API.Stripe.com", "payments", "a_b.example", "api.stripe.com."])
def test_the_name_of_a_host_is_accepted(host: str) -> None:
    """In any case, with or without dots."""
    assert not [*host_problems("Stripe", (host,))]


def test_one_host_alone_is_no_tuple() -> None:
    """A text would be taken for its letters."""
    (problem,) = host_problems("Stripe", "api.stripe.com")

    assert problem == "Stripe: hosts must be a tuple such as hosts = ('api.stripe.com',), got 'api.stripe.com'."


def test_a_host_is_named_once() -> None:
    """However it is written."""
    (problem,) = host_problems("Stripe", ("api.stripe.com", "API.stripe.com."))

    assert problem == "Stripe: hosts names 'API.stripe.com.' twice."


@pytest.mark.parametrize("base", [FakeService, TcpService])
def test_a_fake_is_refused_when_it_is_declared(base: type) -> None:
    """With every problem at once."""
    with pytest.raises(UsageError) as refused:
        type("Stripe", (base,), {"hosts": ("10.1.2.3", "*.stripe.com")})

    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.2", True), ("[::1]", True), ("x.localhost", True), ("10.0.0.1", False)],
)
def test_loopback_is_known_by_name_and_by_address(host: str, loopback: bool) -> None:  # noqa: FBT001 - a parameter
    """All of 127.0.0.0/8, as clients except it from proxies."""
    assert is_loopback(host) is loopback
    assert plain_host("API.Example.") == "api.example"
