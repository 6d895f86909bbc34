"""The activities of the parcel shop, some asynchronous, some in threads."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import activity
from temporalio.exceptions import ApplicationError

from tests.explored.parcel import services


@dataclass
class Order:
    """An order: its id is the key of everything that is done for it."""

    id: str
    price: int
    parcels: int = 4


@activity.defn
def quote(order: Order) -> int:
    """What it costs; reads only."""
    return order.price


@activity.defn
def reserve(order: Order) -> str:
    """Take the goods out of stock."""
    return _commit(services.stock, order)


@activity.defn
def release(order: Order) -> str:
    """Put them back."""
    return services.stock.undo(order.id)


@activity.defn
async def charge(order: Order) -> str:
    """Take the money."""
    return _commit(services.bank, order)


@activity.defn
async def refund(order: Order) -> str:
    """Give it back."""
    return services.bank.undo(order.id)


@activity.defn
async def print_labels(order: Order) -> int:
    """Print a label for each parcel, and go on after the last one that a former attempt printed."""
    known = activity.info().heartbeat_details
    for number in range(known[0] if known else 0, order.parcels):
        services.labels[order.id].add(number)
        activity.heartbeat(number + 1)
    return order.parcels


@activity.defn
async def book_courier(order: Order) -> str:
    """Book a courier."""
    return _commit(services.courier, order)


@activity.defn
async def cancel_courier(order: Order) -> str:
    """Cancel the courier, whether or not one is booked."""
    return services.courier.undo(order.id)


def _commit(service: services.Service, order: Order) -> str:
    try:
        return service.commit(order.id)
    except services.RefusedError as error:
        raise ApplicationError(f"{error} was undone before", type="Undone", non_retryable=True) from error
