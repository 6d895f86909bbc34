"""A service that recommends what most people buy."""

from __future__ import annotations

from fakes.shapes.answering import AnsweringService


class Bestsellers(AnsweringService):
    """Recommends the same to everybody."""
