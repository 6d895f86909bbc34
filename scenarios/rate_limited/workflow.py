"""Asks a service with as much patience as the question deserves: retry policies to choose from, and what they wait."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.rate_limited.activities import LimitedActivities, Question


class Patience(StrEnum):
    """How often and how fast to try again.

    The wait after attempt n is min(initial * coefficient ** (n - 1), maximum), without any chance in it.
    """

    QUICK = "quick"
    """0.1, 0.15, 0.225 ... 1, 1 s: ten attempts in about 5 s, while somebody waits."""

    PATIENT = "patient"
    """5, 10, 20 ... 160 s, then 300 s each: twenty attempts in 70 min, for what must get done."""

    LIMITED = "limited"
    """1, 2 s: three attempts, for what is better given up. A maximum of 10 s would be without effect."""

    ONCE = "once"
    """One attempt, for what must not be repeated."""

    CUSTOM = "custom"
    """2, 4, 8, 16 s: five attempts. Where only the first wait is given, the rest is Temporal's default."""

    DEFAULT = "default"
    """1, 2, 4 ... 64, 100 s, then 100 s each, for ever: what is tried when nothing is said."""


POLICIES: Mapping[Patience, RetryPolicy | None] = {
    Patience.QUICK: RetryPolicy(
        initial_interval=timedelta(milliseconds=100),
        backoff_coefficient=1.5,
        maximum_interval=timedelta(seconds=1),
        maximum_attempts=10,
    ),
    Patience.PATIENT: RetryPolicy(
        initial_interval=timedelta(seconds=5),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=5),
        maximum_attempts=20,
    ),
    Patience.LIMITED: RetryPolicy(maximum_interval=timedelta(seconds=10), maximum_attempts=3),
    Patience.ONCE: RetryPolicy(maximum_attempts=1),
    Patience.CUSTOM: RetryPolicy(initial_interval=timedelta(seconds=2), maximum_attempts=5),
    Patience.DEFAULT: None,
}


@dataclass(frozen=True)
class Questions:
    """What to ask.

    Attributes:
        texts: The questions, all asked at once.
        patience: How often and how fast to try again.
        spread: By which part of itself each wait may be shorter or longer, at random.
        answer_within: How long the service may take for one question. Below the attempt's start_to_close.
    """

    texts: list[str]
    patience: Patience = Patience.LIMITED
    spread: float = 0.0
    answer_within: timedelta = timedelta(seconds=8)


@workflow.defn
class AskAll:
    """Returns the answers; fails with the first question that gets none in time."""

    @workflow.run
    async def run(self, questions: Questions) -> list[str]:
        """Ask all questions."""
        answers = [
            workflow.execute_activity_method(
                LimitedActivities.ask,
                Question(text=text, spread=questions.spread, answer_within=questions.answer_within),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=POLICIES[questions.patience],
            )
            for text in questions.texts
        ]
        return list(await asyncio.gather(*answers))
