"""Makes up a fresh idempotency key for each attempt: a worker that dies after booking leaves two bookings."""

from __future__ import annotations

from tests.convictions.saga import fresh_key_each_attempt

activities = fresh_key_each_attempt.activities

TRIED_WITH = ["saga/all_well"]
CONVICTED_BY = "same_as_without_crash"
