"""A service that books hotel rooms."""

from __future__ import annotations

from fakes.shapes.booking import BookingService


class Hotels(BookingService):
    """Books and cancels hotel rooms."""
