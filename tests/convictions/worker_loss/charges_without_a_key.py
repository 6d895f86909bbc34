"""Charges without an idempotency key: after a kill the customer pays twice."""

from __future__ import annotations

from scenarios.worker_loss._keyless import keyless_activities

TRIED_WITH = ["worker_loss/killed_after_charge", "worker_loss/all_workers_gone"]
CONVICTED_BY = "at_most_once"

activities = keyless_activities
