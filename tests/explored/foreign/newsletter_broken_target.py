"""The same application with one mistake in it."""

from __future__ import annotations

from dataclasses import replace

from tests.explored.foreign import newsletter, newsletter_target

target = replace(
    newsletter_target.target,
    workflows=[newsletter.SubscribeFirst, newsletter.SendMails],
    workflow=newsletter.SubscribeFirst.run,
)
