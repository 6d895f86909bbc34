"""Which argument cannot be decoded as the type that the workflow declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from temporalio.converter import DataConverter

from harness.run.arguments import undecodable


@dataclass
class _Line:
    sku: str
    count: int


class _Order:
    async def run(self, order: str, line: _Line, note=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Take two that have a type, and one that has none."""

    async def unresolved(self, order: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821 - the mistake
        """Take something whose type is not there."""


@pytest.mark.parametrize(
    ("method", "given", "said"),
    [
        (_Order.run, ("a", _Line("b", 2), 3), ""),
        (_Order.run, ("a", {"sku": "b", "count": 2}), ""),
        (_Order.run, (5, _Line("b", 2)), "_Order.run declares order: str, and is given int 5."),
        (_Order.run, ("a", 7), "_Order.run declares line: _Line, and is given int 7."),
        (_Order.run, ("a", {"sku": 1}), "_Order.run declares line: _Line, and is given dict {'sku': 1}."),
        (_Order.unresolved, ("a",), ""),
    ],
)
def test_the_first_that_does_not_fit_is_named(method: Callable[..., Any], given: tuple[Any, ...], said: str) -> None:
    """With what is declared and what was given; nothing where nothing can be said."""
    assert undecodable(method, given, DataConverter.default) == said
