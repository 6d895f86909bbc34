"""What a scenario needs of the Temporal server that it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.errors import UsageError, unknown
from harness.files.field_types import wrong_types

ATTRIBUTE_TYPES = ("Bool", "Datetime", "Double", "Int", "Keyword", "KeywordList", "Text")
"""The types that search attributes can have."""


class Clock(StrEnum):
    """How time passes for workflows."""

    REAL = "real"
    SKIPPING = "skipping"
    """Each workflow's clock jumps to its next timer, retry or timeout when no activity of it is running."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A Temporal server. Scenarios that need the same share one, unless a fault is to break it.

    Attributes:
        clock: How time passes. With a skipping clock production's waits take milliseconds; a running activity and
            a heartbeat timeout still take their time.
        dynamic_config: Values of the server's dynamic configuration as JSON, such as
            {"limit.historyCount.suggestContinueAsNew": "20"}.
        search_attributes: The types of search attributes by their names, such as {"OrderId": "Keyword"}. Those that an
            application declares need not be declared again.
        breakable: Whether the run has a server of its own, with its data on disk, so that a fault can kill and restart
            it.

    Raises:
        UsageError: A value is of the wrong type; every problem at once.
    """

    clock: Clock = Clock.REAL
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    search_attributes: Mapping[str, str] = field(default_factory=dict)
    breakable: bool = False

    def __post_init__(self) -> None:
        problems = [text for _, text in wrong_types(self)]
        problems += [
            f"Server: search attribute {name}: {unknown('type', kind, ATTRIBUTE_TYPES)}"
            for name, kind in self.search_attributes.items()
            if kind not in ATTRIBUTE_TYPES
        ]
        if problems:
            raise UsageError(*problems)

    def __str__(self) -> str:
        parts = ["a clock that skips"] if self.clock is Clock.SKIPPING else []
        parts += [f"the dynamic configuration {key}={value}" for key, value in self.dynamic_config.items()]
        parts += [f"the search attribute {name} ({kind})" for name, kind in self.search_attributes.items()]
        parts += ["a server that faults may kill or pause"] if self.breakable else []
        return " and ".join(parts) or "an ordinary server"

    @property
    def pool_key(self) -> tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Servers with the same key can be shared."""
        return self.clock, tuple(sorted(self.dynamic_config.items())), tuple(sorted(self.search_attributes.items()))


SHARED = Server()
"""The server of a scenario that asks for nothing special."""
