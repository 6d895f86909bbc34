"""In a Python process, HTTP clients that need more than the environment use the proxy, and none goes past it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from harness import UsageError
from harness.fixed_hosts.in_process import fake_hosts
from harness.fixed_hosts.variables import FAKED

SHOWS = """
import json, socket
from harness.fixed_hosts.in_process import use_hosts

use_hosts()


def looked_up(host, port):
    try:
        socket.getaddrinfo(host, port)
    except ConnectionRefusedError as error:
        return error.strerror
    except OSError:
        pass
    return ""


try:
    import aiohttp
    trusts = aiohttp.ClientSession.__init__.__kwdefaults__["trust_env"]
except ImportError:
    trusts = True
faked = [("api.pay.example", 9), ("API.pay.example.", 443), ("other.invalid", 443)]
calls = [*faked, ("localhost", 443), ("db.invalid", 5432)]
print(json.dumps([trusts, *(looked_up(*one) for one in calls)]))
"""


@pytest.mark.parametrize("faked", [True, False])
def test_no_client_goes_past_the_proxy(faked: bool) -> None:  # noqa: FBT001 - a parameter
    """A fake's host and the ports of HTTP are refused by name; databases and this machine are reached as ever."""
    env = {**os.environ, FAKED: "api.pay.example"} if faked else {**os.environ}
    command = [sys.executable, "-c", SHOWS]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    trusts, *said = json.loads(done.stdout)

    assert [bool(one) for one in said] == [faked, faked, faked, False, False]
    if faked:
        assert trusts
        assert said[0] == (
            "api.pay.example was called without the proxy of this run, and was not reached: "
            "have this client use HTTPS_PROXY"
        )


def test_what_is_no_host_is_refused() -> None:
    """Before anything is started."""
    with pytest.raises(UsageError, match=r"'127\.0\.0\.1' is this machine"):
        fake_hosts({"127.0.0.1": "http://127.0.0.1:7"})
