"""How the tour is explored that does not wait for what is still being booked."""

from __future__ import annotations

from tests.explored.tour import HastyTour, exploring

target = exploring(HastyTour)
