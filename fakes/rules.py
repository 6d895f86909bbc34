"""A service that recommends by rules."""

from __future__ import annotations

from fakes.shapes.answering import AnsweringService


class Rules(AnsweringService):
    """Recommends by fixed rules."""
