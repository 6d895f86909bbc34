"""A service that stands in for another."""

from __future__ import annotations

from fakes.shapes.answering import AnsweringService


class Standby(AnsweringService):
    """Gives answers while the primary service is down."""
