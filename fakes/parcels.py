"""A service that takes orders for parcels."""

from __future__ import annotations

from fakes.shapes.booking import BookingService


class Parcels(BookingService):
    """Books and cancels the shipping of parcels."""
