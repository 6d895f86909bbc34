"""Asks the enquiry service over HTTP, and lets whatever goes wrong leave as a plain exception: Temporal converts it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity


@dataclass(frozen=True)
class Enquiry:
    """What to ask.

    Attributes:
        text: The question.
        answer_within: How long the service may take to answer.
    """

    text: str
    answer_within: timedelta


class ServiceError(Exception):
    """The service could not answer."""


class EnquiryActivities:
    """The activities of the workflow, over one HTTP client."""

    def __init__(self, enquiries: httpx2.AsyncClient) -> None:
        self._enquiries = enquiries

    @activity.defn
    async def ask(self, enquiry: Enquiry) -> str:
        """Return the service's answer."""
        try:
            answer = await self._enquiries.post(
                "/enquiries", json={"text": enquiry.text}, timeout=enquiry.answer_within.total_seconds()
            )
        except httpx2.TransportError as error:
            # The text of many of these is empty, and the text is all that a fallback can report.
            raise ServiceError(f"no answer: {type(error).__name__}") from error
        if answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT:
            # The introduction's simplicity, and its weakness: this cannot succeed, and is tried again all the same.
            raise ValueError(f"Invalid data: {enquiry.text}")
        if answer.is_error:
            raise ServiceError(f"the service answered {answer.status_code}")
        return str(answer.json()["answer"])


@asynccontextmanager
async def enquiry_activities(*, enquiries: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=enquiries, verify=_trusted()) as client:
        yield [EnquiryActivities(client).ask]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
