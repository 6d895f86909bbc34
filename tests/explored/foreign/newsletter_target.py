"""Mails go to those who have paid, and to nobody else."""

from __future__ import annotations

from harness import ExploredRun, Target
from tests.explored.foreign import newsletter


def mails_for_money(run: ExploredRun) -> None:
    """Three mails for a reader who is charged, none for another."""
    assert run.world in [{"charged": True, "mails": 3}, {"charged": False, "mails": 0}], f"{run.world}"


def forget(token: str) -> None:
    """Forget a reader."""
    newsletter.CHARGED.discard(token)
    newsletter.MAILED.pop(token, None)


target = Target(
    workflows=[newsletter.Subscribe, newsletter.SendMails],
    activities=[newsletter.charge, newsletter.refund, newsletter.send_mail],
    workflow=newsletter.Subscribe.run,
    given=str,
    reset=forget,
    world=lambda token: {"charged": token in newsletter.CHARGED, "mails": len(newsletter.MAILED.get(token, ()))},
    # Nobody makes up for mails that can never be sent.
    without=[
        "*send_mail#*:non_retryable",
        "*send_mail#*:lost_last",
        "*SendMails#1:non_retryable",
        "*SendMails#1:lost_last",
        "SendMails/*:cancelled",
    ],
    invariants=[mails_for_money],
)
