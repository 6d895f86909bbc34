"""Answers of a control API and what becomes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from harness.environment.toxiproxy.consumer import ControlApi, Missing, Taken
from harness.errors import EnvironmentUnavailable, UsageError


class Canned(BaseAdapter):
    """Answers every request in the same way, without a socket.

    Attributes:
        requests: What was asked, with the timeout that came with it.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self.requests: list[tuple[str | None, str | None, Any]] = []
        self._status = status
        self._body = body

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Answer, or raise for a status of 0."""
        self.requests.append((request.method, request.url, options["timeout"]))
        if self._status == 0:
            raise requests.ConnectionError("refused")
        if self._status == -1:
            raise requests.Timeout("late")
        answer = requests.Response()
        answer.status_code, answer._content, answer.url = self._status, self._body, str(request.url)
        return answer

    def close(self) -> None:
        """Nothing is open."""


def canned(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes = b"") -> Canned:
    """Have every session answered in one way."""
    adapter = Canned(status, body)
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: adapter)
    return adapter


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (404, b'{"error":"proxy not found","status":404}\n', Missing, "proxy not found"),
        (409, b'{"error":"proxy already exists","status":409}\n', Taken, "proxy already exists"),
        (400, b'{"error":"invalid toxic type","status":400}\n', UsageError, "invalid toxic type"),
        (500, b'{"error":"listen tcp 127.0.0.1:5: bind: address already in use","status":500}\n', Taken, "127.0.0.1:5"),
        (500, b'{"error":"lookup x: no such host","status":500}\n', EnvironmentUnavailable, "no such host"),
        (503, b"<html><h1>Timeout</h1></html>", EnvironmentUnavailable, "answered 503"),
        (200, b"<html>", EnvironmentUnavailable, "not what a Toxiproxy answers"),
        (404, b"404 page not found\n", Missing, "404 page not found"),
        (0, b"", EnvironmentUnavailable, "nothing listens at this address"),
        (-1, b"", EnvironmentUnavailable, "no answer within 3 s"),
    ],
)
async def test_errors(
    monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, error: type[Exception], message: str
) -> None:
    """Every kind of answer that is no success is an error that names server, call and reason."""
    canned(monkeypatch, status, body)
    api = ControlApi("127.0.0.1:8474", timeout=timedelta(seconds=3))
    with pytest.raises(error, match=message) as raised:
        await api.post("/proxies", {})
    await api.close()

    assert "127.0.0.1:8474" in str(raised.value)


async def test_every_call_has_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call waits for ever, and each goes to the server it is for."""
    adapter = canned(monkeypatch, 200, b"{}")
    one = ControlApi("127.0.0.1:1", timeout=timedelta(seconds=3))
    two = ControlApi("127.0.0.1:2", timeout=timedelta(seconds=4))
    await one.get("/a")
    await two.post("/b", {})
    await one.delete("/c")
    for api in (one, two):
        await api.close()

    assert adapter.requests == [
        ("GET", "http://127.0.0.1:1/a", 3.0),
        ("POST", "http://127.0.0.1:2/b", 4.0),
        ("DELETE", "http://127.0.0.1:1/c", 3.0),
    ]
