"""Calls on a Toxiproxy's control API through `toxiproxy-python`, without the weaknesses of that package.

The package is synchronous and keeps host and port in a class, so that two servers get in each other's way; it has no
timeout, obeys HTTP_PROXY even for 127.0.0.1, and takes a 500 for success. Here every server has its own consumer class,
and every call runs in a thread, with a timeout, on a kept connection, and its status is checked.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import requests
from toxiproxy.api import APIConsumer, validate_response  # type: ignore[import-untyped]  # it has no types
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists  # type: ignore[import-untyped]  # it has no types

from harness.errors import EnvironmentUnavailable, UsageError

# How many calls are made at once; others wait.
AT_ONCE = 16


class Missing(EnvironmentUnavailable):
    """A proxy or toxic that the harness had created is gone."""


class Taken(EnvironmentUnavailable):
    """A name or a port is in use already."""


class _Consumer(APIConsumer):  # type: ignore[misc]  # the package is untyped
    """The package's consumer with kept connections. Its state is the class's, so each server has a subclass."""

    sessions: Callable[[], requests.Session]
    timeout: float

    @classmethod
    def get(cls, url: str, params: Any = None, **more: Any) -> requests.Response:
        return cls._sent("GET", url, params=params, **more)

    @classmethod
    def post(cls, url: str, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        return cls._sent("POST", url, data=data, json=json, **more)

    @classmethod
    def delete(cls, url: str, **more: Any) -> requests.Response:
        return cls._sent("DELETE", url, **more)

    @classmethod
    def _sent(cls, method: str, url: str, **more: Any) -> requests.Response:
        session = cls.sessions()
        answer = session.request(method, f"http://{cls.host}:{cls.port}{url}", timeout=cls.timeout, **more)
        valid: requests.Response = validate_response(answer)
        return valid


class ControlApi:
    """One server's control API, for asyncio.

    Args:
        address: HOST:PORT.
        timeout: After which a call counts as unanswered (TX-130 makes one necessary).
    """

    def __init__(self, address: str, *, timeout: timedelta) -> None:
        self.address = address
        host, _, port = address.rpartition(":")
        self._consumer: type[_Consumer] = type(
            "Consumer",
            (_Consumer,),
            {"host": host, "port": port, "sessions": staticmethod(self._session), "timeout": timeout.total_seconds()},
        )
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="toxiproxy")
        self._local = threading.local()
        self._sessions: list[requests.Session] = []

    async def get(self, path: str) -> Any:
        """Return the JSON that a path shows.

        Raises:
            EnvironmentUnavailable: No answer, or an error.
        """
        return await self._call("GET", path, lambda: self._consumer.get(path))

    async def post(self, path: str, body: Any) -> Any:
        """Send JSON and return the JSON that is answered.

        Raises:
            UsageError: The server finds the body wrong.
            Taken: A name or a port is in use.
            EnvironmentUnavailable: No answer, or another error.
        """
        return await self._call("POST", path, lambda: self._consumer.post(path, json=body))

    async def delete(self, path: str) -> None:
        """Delete what is at a path.

        Raises:
            EnvironmentUnavailable: No answer, or an error.
        """
        await self._call("DELETE", path, lambda: self._consumer.delete(path))

    async def close(self) -> None:
        """Let calls under way end and close every connection."""
        await asyncio.to_thread(self._threads.shutdown)
        for session in self._sessions:
            session.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
            self._sessions.append(session)
        return session

    async def _call(self, method: str, path: str, call: Callable[[], requests.Response]) -> Any:
        def made() -> Any:
            answer = call()
            if answer.status_code >= 500:
                raise _refused(answer)
            return answer.json() if answer.content else None

        what = f"Toxiproxy at {self.address}, {method} {path}"
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, made)
        except NotFound as error:
            raise Missing(
                f"{what}: {_text(error)}; has somebody else deleted it, or is this not a Toxiproxy?"
            ) from error
        except ProxyExists as error:
            raise Taken(f"{what}: {_text(error)}.") from error
        except InvalidToxic as error:
            raise UsageError(f"{what}: {_text(error)}.") from error
        except requests.Timeout as error:
            waited = self._timeout.total_seconds()
            raise EnvironmentUnavailable(f"{what}: no answer within {waited:g} s; the server hangs.") from error
        except requests.ConnectionError as error:
            raise EnvironmentUnavailable(
                f"{what}: nothing listens at this address. Check that it is running."
            ) from error
        except (requests.RequestException, ValueError) as error:
            raise EnvironmentUnavailable(f"{what}: this is not what a Toxiproxy answers ({error}).") from error


def _refused(answer: requests.Response) -> EnvironmentUnavailable:
    text = _message(answer.content)
    what = f"Toxiproxy at {answer.url} answered {answer.status_code}: {text}."
    return Taken(what) if "address already in use" in text else EnvironmentUnavailable(what)


def _text(error: Exception) -> str:
    """Unpack the package's errors, which carry the answer's body as bytes."""
    return _message(error.args[0]) if error.args and isinstance(error.args[0], bytes) else str(error)


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip()[:200]
