"""Recommends by the best source that answers, and says which one that was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.recommendations.activities import Question, RecommendationActivities


@dataclass(frozen=True)
class Limits:
    """How long one source is waited for.

    Attributes:
        answer_within: One request; below `attempt`.
        attempt: One attempt (start_to_close).
        attempts: How many at most.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta
    attempt: timedelta
    attempts: int
    first_wait: timedelta = timedelta(seconds=1)


# In the worst case 2 * 10 + 1, 2 * 5 + 1 and 3 * 3 + 1 + 2 seconds: 44 before it is given up.
ML = Limits(answer_within=timedelta(seconds=9), attempt=timedelta(seconds=10), attempts=2)
RULES = Limits(answer_within=timedelta(seconds=4.5), attempt=timedelta(seconds=5), attempts=2)
POPULAR = Limits(answer_within=timedelta(seconds=2.5), attempt=timedelta(seconds=3), attempts=3)


@dataclass(frozen=True)
class Wish:
    """Who wants recommendations.

    Attributes:
        user: For whom.
        ml: The limits of the source that learns.
        rules: Those of the one that goes by rules.
        popular: Those of the last one.
    """

    user: str
    ml: Limits = ML
    rules: Limits = RULES
    popular: Limits = POPULAR


@dataclass(frozen=True)
class Recommended:
    """What became of a wish.

    Attributes:
        request: The user.
        recommendations: What the source said.
        source: Which one it was: "ml", "rules" or "popular".
        degraded: Whether it was not the best.
    """

    request: str
    recommendations: str
    source: str
    degraded: bool


@workflow.defn
class Recommend:
    """Asks one source after the other until one answers; fails with the last one's failure when none does."""

    @workflow.run
    async def run(self, wish: Wish) -> Recommended:
        """Recommend."""
        for source, ask, limits in (
            ("ml", RecommendationActivities.get_ml_recommendations, wish.ml),
            ("rules", RecommendationActivities.get_rule_based_recommendations, wish.rules),
        ):
            try:
                return await self._answer(wish.user, source, ask, limits)
            except ActivityError as error:
                # A cancellation comes as an ActivityError, too. It is no reason to ask somebody else.
                if is_cancelled_exception(error):
                    raise
                workflow.logger.warning("falling back", extra={"source": source})
        return await self._answer(wish.user, "popular", RecommendationActivities.get_popular_items, wish.popular)

    async def _answer(
        self,
        user: str,
        source: str,
        ask: Callable[[RecommendationActivities, Question], Awaitable[str]],
        limits: Limits,
    ) -> Recommended:
        said = await workflow.execute_activity_method(
            ask,
            Question(request=user, answer_within=limits.answer_within),
            start_to_close_timeout=limits.attempt,
            retry_policy=RetryPolicy(initial_interval=limits.first_wait, maximum_attempts=limits.attempts),
        )
        return Recommended(request=user, recommendations=said, source=source, degraded=source != "ml")
