"""What a contract says of one operation, and whether a call keeps to it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlsplit

from pydantic import BaseModel, ValidationError

from harness.services.operation import Reply, Sent, problems_of


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract says of one operation, besides the model of its body.

    Attributes:
        auth: The credentials of a call, any one of them, such as ("bearer", "header X-Key and query sig"); () for none.
        needs: The parameters that each call has, such as ("query account", "header X-Tenant").
        key: The header with the idempotency key.
        body: What the body is: JSON, a form, or something else, which is not looked at.
        may_be_empty: Whether the body may be left out.
        answers: The model of the answer when all is well; None for one that is not JSON, or may be anything.
        refusals: The contract's answers to calls that are refused, by status, "4XX" and "default".
    """

    auth: Sequence[str] = ()
    needs: Sequence[str] = ()
    key: str = "Idempotency-Key"
    body: Literal["json", "form", "other"] = "json"
    may_be_empty: bool = False
    answers: type[BaseModel] | None = None
    # Any: a mapping of numbers alone is no mapping of numbers or texts to a type checker.
    refusals: Mapping[Any, Reply] = field(default_factory=dict)

    def unauthenticated(self, sent: Sent) -> str:
        """Say which credentials a call lacks; "" when it has some. Which they are makes no difference."""
        if not self.auth or any(all(_there(part, sent) for part in one.split(" and ")) for one in self.auth):
            return ""
        return f"no credentials; expected {' or '.join(self.auth)}"

    def incomplete(self, sent: Sent) -> str:
        """Say which parameters a call lacks; "" for none."""
        missing = [one for one in self.needs if not _there(one, sent)]
        return f"missing: {', '.join(missing)}" if missing else ""

    def unlike(self, reply: Reply) -> str:
        """Say how an answer differs from what the contract says; "" for not at all."""
        if self.answers is None or reply.raw is not None or not 200 <= reply.status < 300:
            return ""
        try:
            self.answers.model_validate_json(json.dumps(reply.body), strict=True)
        except ValidationError as error:
            return problems_of(error)
        return ""

    def refusal(self, status: int) -> Reply | None:
        """Return the contract's answer for a status, or for one that says the same; None if it has none."""
        for one in _ALIKE.get(status, (status,)):
            if one in self.refusals:
                return self.refusals[one]
        others = self.refusals.get(f"{status // 100}XX") or self.refusals.get("default")
        return None if others is None else replace(others, status=status)


_ALIKE = {400: (400, 422), 401: (401, 403), 404: (404, 410), 409: (409, 422, 400), 422: (422, 400)}


def read_form(raw: bytes) -> Any:
    """Return the fields of a form; `card[number]=1` is a field within a field, and a repeated field a list.

    Raises:
        ValueError: It is no form.
    """
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True):
        *outer, last = name.replace("]", "").split("[")
        inside = fields
        for one in outer:
            inside = inside.setdefault(one, {})
            if not isinstance(inside, dict):
                raise ValueError(f"{one} is both a value and a group of values")  # noqa: TRY004 - of the body
        if not last and outer:
            raise ValueError(f"{name} has no name within the brackets")
        before = inside.get(last)
        inside[last] = value if before is None else [*before, value] if isinstance(before, list) else [before, value]
    return fields


def _there(part: str, sent: Sent) -> bool:
    place, _, name = part.partition(" ")
    return any(one for one in _values(place, name, sent))


def _values(place: str, name: str, sent: Sent) -> Iterator[str]:
    """Yield what a call has at a place, such as "header" with the name "X-Key", "bearer" or "cookie"."""
    scheme, _, credential = sent.headers.get("authorization", "").strip().partition(" ")
    if place == "header":
        yield sent.headers.get(name.lower(), "")
    elif place == "query":
        yield from parse_qs(urlsplit(sent.target).query, keep_blank_values=True).get(name, [])
    elif place == "cookie":
        try:
            cookie = SimpleCookie(sent.headers.get("cookie", ""))
        except CookieError:
            return
        yield cookie[name].value if name in cookie else ""
    elif scheme.lower() == place:
        yield credential.strip() if place != "basic" or _is_basic(credential) else ""


def _is_basic(credential: str) -> bool:
    try:
        return b":" in base64.b64decode(credential.strip(), validate=True)
    except (ValueError, binascii.Error):
        return False
