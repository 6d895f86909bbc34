"""The activities of a shop, and the world behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count

from temporalio import activity

POSTED: dict[str, list[int]] = defaultdict(list)
_numbers = count(1)


@dataclass
class Order:
    """An order."""

    id: str
    lines: int = 3


@activity.defn
async def reserve(order: Order) -> str:
    """Take the goods out of stock, under the order's key."""
    return f"reserved {order.id}"


@activity.defn
async def release(order: Order) -> str:
    """Put them back."""
    return f"released {order.id}"


@activity.defn
async def charge(order: Order) -> str:
    """Take the money, under the order's key."""
    return f"charged {order.id}"


@activity.defn
async def refund(order: Order) -> str:
    """Give it back."""
    return f"refunded {order.id}"


@activity.defn
async def award_points(order: Order) -> int:
    """Credit points, each time anew: nothing tells the service that it was asked before."""
    return next(_numbers)


@activity.defn
async def post_lines(order: Order) -> int:
    """Post each line to the ledger, from the first one whatever a former attempt has posted."""
    for number in range(order.lines):
        POSTED[order.id].append(number)
        activity.heartbeat(number + 1)
    return order.lines


@activity.defn
async def book_courier(order: Order) -> str:
    """Book a courier."""
    return f"courier for {order.id}"


@activity.defn
async def book_locker(order: Order) -> str:
    """Book a locker, when there is no courier."""
    return f"locker for {order.id}"


@activity.defn
async def send_receipt(order: Order) -> None:
    """Send the receipt."""


@activity.defn
async def is_delivered(order: Order) -> bool:
    """Ask where it is; reads only."""
    return True
