"""A seminar holds nothing after a failure, and each thing once after a success."""

from __future__ import annotations

from dataclasses import replace

from harness import ExploredRun, Target, undone_on_failure
from tests.explored.foreign import seminar


def all_or_nothing(run: ExploredRun) -> None:
    """Everything is taken, or nothing."""
    whole = run.world == seminar.Books(seat=f"seat for {run.token}", room=f"room for {run.token}", paid=90)
    assert whole or (run.failed and run.world == seminar.Books()), f"{run.world} is left"


target = Target(
    workflows=[seminar.BookSeminar],
    activities=[
        seminar.take_seat,
        seminar.give_seat_back,
        seminar.take_room,
        seminar.give_room_back,
        seminar.pay,
        seminar.pay_back,
    ],
    workflow=seminar.BookSeminar.run,
    given=str,
    reset=lambda token: seminar.BOOKS.pop(token, None),
    world=lambda token: replace(seminar.books(token)),
    invariants=[
        undone_on_failure(seminar.take_seat, seminar.give_seat_back),
        undone_on_failure(seminar.take_room, seminar.give_room_back),
        undone_on_failure(seminar.pay, seminar.pay_back),
        all_or_nothing,
    ],
)
