"""A service that books rental cars."""

from __future__ import annotations

from fakes.shapes.booking import BookingService


class Cars(BookingService):
    """Books and cancels rental cars."""
