"""The same application with one mistake in it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.explored.foreign import auction, auction_target

target = replace(
    auction_target.target,
    workflows=[auction.SellLotOnePen],
    drive=partial(auction_target.sell, lot=auction.SellLotOnePen),
)
