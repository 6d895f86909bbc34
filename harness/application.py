"""The application under test, as its own worker would be built."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client
from temporalio.converter import DataConverter

Activities = Sequence[Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class Application:
    """The application under test, as its own worker would be built.

    Attributes:
        workflows: Its workflow classes.
        activities: Makes its activities. Called with the base URL of each fake the scenario uses, as keyword
            arguments named after the fakes, such as `flights="http://127.0.0.1:40001"`. Returns the activities,
            or an async context manager that yields them and closes what they held open.
        data_converter: Its data converter, if it is not the SDK's default.
    """

    workflows: Sequence[type]
    activities: Callable[..., Activities | AbstractAsyncContextManager[Activities]] | None = None
    data_converter: DataConverter = DataConverter.default

    def client(self, client: Client) -> Client:
        """Return a client like this one, on the same connection, that speaks the application's payloads."""
        config = client.config()
        config["data_converter"] = self.data_converter
        return Client(**config)

    def problems(self, services: Sequence[str]) -> Iterator[str]:
        """Say what keeps this application from being built with these fakes, one sentence each."""
        if not self.workflows:
            yield "the application has no workflows."
        if self.activities is None:
            return
        parameters = inspect.signature(self.activities).parameters
        if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
            return
        for name, one in parameters.items():
            if name not in services and one.default is one.empty:
                yield f"the activities want a base URL {name!r}, but the scenario uses no fake of that name."
        for name in services:
            if name not in parameters:
                yield f"the scenario uses the fake {name!r}, but the activities take no base URL of that name."
