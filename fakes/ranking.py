"""A machine-learning service that ranks what a user might like."""

from __future__ import annotations

from fakes.shapes.answering import AnsweringService


class Ranking(AnsweringService):
    """Ranks with a learned model."""
