"""A service that books seats on flights."""

from __future__ import annotations

from fakes.shapes.booking import BookingService


class Flights(BookingService):
    """Books and cancels seats on flights."""
