"""Nothing fails: the best source answers, and no other is called."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.bestsellers import Bestsellers
from fakes.ranking import Ranking
from fakes.rules import Rules
from harness import Application, Clock, FellBackInOrder, Outcome, Scenario, Server
from scenarios.recommendations.activities import recommendation_activities
from scenarios.recommendations.workflow import Recommend, Wish


def asked(ml: int, rules: int, popular: int) -> FellBackInOrder:
    """Expect the sources to be asked so often, in their order, and the answer to say so."""
    return FellBackInOrder(
        sources=[Ranking.ask, Rules.ask, Bestsellers.ask],
        names=["ml", "rules", "popular"],
        per="request",
        calls={"ada": (ml, rules, popular)},
    )


# Production's limits as they are: what is waited for between attempts is skipped.
scenario = Scenario(
    application=Application(
        workflows=[Recommend], activities=recommendation_activities, data_converter=pydantic_data_converter
    ),
    workflow=Recommend.run,
    given=Wish(user="ada"),
    uses=[Ranking, Rules, Bestsellers],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result={"request": "ada", "recommendations": "ranking on ada", "source": "ml", "degraded": False}),
        asked(1, 0, 0),
    ],
    claims=["FBK-001"],
)
