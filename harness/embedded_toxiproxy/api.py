"""The control API: Toxiproxy's routes (TX-002 to TX-012), and under /embedded/ what only this server can tell."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import re
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, unquote

from harness.embedded_toxiproxy import go_json, placing
from harness.embedded_toxiproxy.go_json import BadBody
from harness.embedded_toxiproxy.http import Answer, Request
from harness.embedded_toxiproxy.kinds import load
from harness.embedded_toxiproxy.metrics import CONTENT_TYPE, Metrics
from harness.embedded_toxiproxy.proxies import Proxies
from harness.embedded_toxiproxy.refusals import Refused, bad_body
from harness.embedded_toxiproxy.web_pages import why_refused

# What this server is a stand-in for, with semantic versioning's mark for a build of another kind: clients that compare
# versions ignore what follows the plus.
VERSION = "2.12.0+embedded"

_JSON = ("Content-Type", "application/json")
_TEXT = ("Content-Type", "text/plain; charset=utf-8")
_NO_SNIFF = ("X-Content-Type-Options", "nosniff")
_COUNT = itertools.count()
_START = os.urandom(5)

# A client that was told of a proxy for HTTP writes the whole URL.
_ORIGIN = re.compile("https?://[^/?]*", re.IGNORECASE)
_BAD_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})")

Route = Callable[[bytes, tuple[str, ...]], Awaitable[Answer]]


class Api:
    """Answers requests.

    Args:
        proxies: What is controlled.
        metrics: What /metrics shows.
        host: What this server was told to listen on.
    """

    def __init__(self, proxies: Proxies, metrics: Metrics, host: str) -> None:
        self._proxies = proxies
        self._metrics = metrics
        self._host = host
        self._kinds = load()
        one, two = r"([^/]+)", r"([^/]+)/toxics"
        routes: list[tuple[str, dict[str, Route]]] = [
            (r"/proxies", {"GET": self._index, "POST": self._create}),
            (f"/proxies/{two}/{one}", self._all_four(self._show_toxic, self._update_toxic, self._delete_toxic)),
            (f"/proxies/{two}", {"GET": self._toxics, "POST": self._add_toxic}),
            (f"/proxies/{one}", self._all_four(self._show, self._update, self._delete)),
            (r"/populate", {"POST": self._populate}),
            (r"/reset", {"POST": self._reset}),
            (r"/version", {"GET": self._version}),
            (f"/embedded/journal/{one}", {"GET": self._journal}),
            (r"/embedded/traffic", {"GET": self._traffic}),
            (r"/embedded/seed", {"GET": self._seed}),
            (r"/embedded/state", {"GET": self._state}),
        ]
        self._routes = [(re.compile(path), methods) for path, methods in routes]

    async def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        origin = _ORIGIN.match(request.target)
        raw, question, query = request.target[origin.end() if origin else 0 :].partition("?")
        if _BAD_ESCAPE.search(raw):
            return Answer(status=400, body=b"400 Bad Request: invalid URL escape\n", headers=(_TEXT, _NO_SNIFF))
        # Decoded before it is taken apart: %2F separates, as in Go (TX-012).
        path = unquote(raw)
        cleaned = _cleaned(path)
        if cleaned != path:
            return Answer(status=301, headers=(("Location", quote(cleaned, safe="/$&+,:;=@~") + question + query),))
        if path == "/metrics" and self._metrics.on:
            return self._guarded(request) or self._show_metrics()
        for pattern, methods in self._routes:
            match = pattern.fullmatch(path)
            if match is not None:
                route = methods.get(request.method)
                if route is None:
                    return Answer(status=405)
                return self._guarded(request) or await self._answer(route, request.body, match)
        return Answer(status=404, body=b"404 page not found\n", headers=(_TEXT, _NO_SNIFF))

    async def _answer(self, route: Route, body: bytes, match: re.Match[str]) -> Answer:
        try:
            answer = await route(body, match.groups())
        except BadBody as error:
            answer = _error(bad_body(error))
        except Refused as error:
            answer = _error(error)
        return Answer(status=answer.status, body=answer.body, headers=(*answer.headers, _request_id()))

    def _guarded(self, request: Request) -> Answer | None:
        """Keep web pages from reaching this API through a browser (TX-006); the Origin is ignored (TX-007)."""
        headers = request.headers
        why = why_refused(user_agent=headers.get("user-agent", ""), host=headers.get("host", ""), own=self._host)
        if why is None:
            return None
        return Answer(status=403, body=f"{why}\n".encode(), headers=(_TEXT, _NO_SNIFF, _request_id()))

    @staticmethod
    def _all_four(show: Route, update: Route, delete: Route) -> dict[str, Route]:
        return {"GET": show, "POST": update, "PATCH": update, "DELETE": delete}

    # -- proxies

    async def _index(self, _: bytes, __: tuple[str, ...]) -> Answer:
        return _answer({proxy.name: proxy.show() for proxy in self._proxies.all()})

    async def _create(self, body: bytes, _: tuple[str, ...]) -> Answer:
        return _answer((await self._proxies.create(go_json.decode(body))).show(), status=201)

    async def _show(self, _: bytes, names: tuple[str, ...]) -> Answer:
        return _answer(self._proxies.get(names[0]).show())

    async def _update(self, body: bytes, names: tuple[str, ...]) -> Answer:
        self._proxies.get(names[0])
        return _answer((await self._proxies.update(names[0], go_json.decode(body))).show())

    async def _delete(self, _: bytes, names: tuple[str, ...]) -> Answer:
        await self._proxies.delete(names[0])
        return Answer(status=204)

    async def _populate(self, body: bytes, _: tuple[str, ...]) -> Answer:
        try:
            done = await self._proxies.populate(go_json.decode(body))
        except BadBody as error:
            return self._populated(bad_body(error))
        except Refused as error:
            return self._populated(error)
        return _answer({"proxies": [proxy.show() for proxy in done] or None}, status=201)

    @staticmethod
    def _populated(error: Refused) -> Answer:
        done = [proxy.show() for proxy in error.done] or None
        return _answer({"error": error.message, "status": error.status, "proxies": done}, status=error.status)

    async def _reset(self, _: bytes, __: tuple[str, ...]) -> Answer:
        await self._proxies.reset()
        return Answer(status=204)

    # -- toxics

    async def _toxics(self, _: bytes, names: tuple[str, ...]) -> Answer:
        return _answer([placed.show() for placed in self._proxies.get(names[0]).all_toxics()])

    async def _add_toxic(self, body: bytes, names: tuple[str, ...]) -> Answer:
        proxy = self._proxies.get(names[0])
        return _answer(placing.add(proxy, go_json.decode(body), self._kinds).show())

    async def _show_toxic(self, _: bytes, names: tuple[str, ...]) -> Answer:
        return _answer(placing.find(self._proxies.get(names[0]), names[1]).show())

    async def _update_toxic(self, body: bytes, names: tuple[str, ...]) -> Answer:
        proxy = self._proxies.get(names[0])
        placing.find(proxy, names[1])
        return _answer(placing.update(proxy, names[1], go_json.decode(body)).show())

    async def _delete_toxic(self, _: bytes, names: tuple[str, ...]) -> Answer:
        proxy = self._proxies.get(names[0])
        proxy.remove_toxic(placing.find(proxy, names[1]))
        return Answer(status=204)

    # -- the server

    async def _version(self, _: bytes, __: tuple[str, ...]) -> Answer:
        body = f'{{"version": "{VERSION}"}}\n'.encode()
        return Answer(status=200, body=body, headers=(("Content-Type", "application/json;charset=utf-8"),))

    def _show_metrics(self) -> Answer:
        headers = (("Content-Type", CONTENT_TYPE), _request_id())
        return Answer(status=200, body=self._metrics.text().encode(), headers=headers)

    # -- what only this server can tell

    async def _journal(self, _: bytes, names: tuple[str, ...]) -> Answer:
        proxy = self._proxies.get(names[0])
        for session in proxy.sessions:
            session.bring_up_to_date()
        journal = proxy.journal
        forgotten = journal.opened - len(journal.records)
        return _answer({"forgotten": forgotten, "connections": [record.show() for record in journal.records]})

    async def _traffic(self, _: bytes, __: tuple[str, ...]) -> Answer:
        return _answer({proxy.name: proxy.traffic() for proxy in self._proxies.all()})

    async def _seed(self, _: bytes, __: tuple[str, ...]) -> Answer:
        return _answer({"seed": self._proxies.seed})

    async def _state(self, _: bytes, __: tuple[str, ...]) -> Answer:
        """Show what a leak would make grow: tasks of this process besides the one that answers, and connections."""
        connections = sum(len(proxy.sessions) for proxy in self._proxies.all())
        return _answer({"tasks": len(asyncio.all_tasks()) - 1, "connections": connections})


def _answer(value: Any, status: int = 200) -> Answer:
    return Answer(status=status, body=go_json.encode(value), headers=(_JSON,))


def _error(error: Refused) -> Answer:
    body = go_json.encode({"error": error.message, "status": error.status}) + b"\n"
    return Answer(status=error.status, body=body, headers=(_TEXT, _NO_SNIFF))


def _request_id() -> tuple[str, str]:
    """Make an id of the form Toxiproxy uses: 12 bytes, time first, in 20 characters (TX-005)."""
    raw = struct.pack(">I", int(time.time())) + _START + next(_COUNT).to_bytes(8, "big")[-3:]
    return ("X-Toxiproxy-Request-Id", base64.b32hexencode(raw).decode().rstrip("=").lower())


def _cleaned(path: str) -> str:
    """Resolve `//`, `.` and `..` in a path; a slash at the end stays (TX-003)."""
    if "//" not in path and "/." not in path and path.startswith("/"):
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/" + "/".join(parts) + ("/" if parts and path.endswith("/") else "")
