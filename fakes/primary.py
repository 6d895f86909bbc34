"""A service that has a standby."""

from __future__ import annotations

from fakes.shapes.answering import AnsweringService


class Primary(AnsweringService):
    """Gives the preferred answers."""
