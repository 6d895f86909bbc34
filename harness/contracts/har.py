"""Reads recorded traffic: the calls of a service, with their secrets replaced before anything else is done."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.contracts.operations import json_media
from harness.errors import UsageError, unknown
from harness.files.wording import counted
from harness.redaction.active import active

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_PAGES = ("image/", "font/", "video/", "audio/", "text/css", "text/html", "application/javascript", "text/javascript")
"""What a browser loads besides what a service answers."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, without secrets.

    Attributes:
        method: Such as "POST".
        path: Such as "/payments/pay_1".
        sent: The body, or None.
        form: Whether it was a form.
        auth: Where its credentials were, such as "bearer".
        status: Of the answer.
        media: Of the answer.
        body: Of the answer: JSON, a text, or None.
    """

    method: str
    path: str
    sent: Any
    form: bool
    auth: str
    status: int
    media: str
    body: Any


def exchanges_of(file: Path, data: Mapping[str, Any], *, hosts: Sequence[str]) -> tuple[list[Exchange], str, list[str]]:
    """Return what was recorded of a service, its host, and what of the traffic is left out.

    Args:
        file: The HAR file, for errors.
        data: Its object.
        hosts: The hosts that are taken; none for all of a file with one.

    Raises:
        UsageError: Nothing was recorded, or it is not said of which hosts.
    """
    log = data.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list) or not entries:
        raise UsageError(
            f"{file} has no entries; record the application's calls first, and save them with their bodies."
        )
    wanted = [one for one in entries if isinstance(one, dict) and _is_call(one)]
    if not wanted:
        raise UsageError(
            f"{file} has {counted(len(entries), 'entry', 'entries')}, and none is an answered call of a service."
        )
    chosen = _of_hosts(file, wanted, hosts)
    left = []
    if len(chosen) < len(entries):
        left.append(
            f"{counted(len(entries) - len(chosen), 'entry', 'entries')} of pages, other hosts, or without an answer"
        )
    return _without_secrets([_exchange(one) for one in chosen]), _host(chosen[0]), left


def _is_call(entry: Mapping[str, Any]) -> bool:
    request, response = _object(entry.get("request")), _object(entry.get("response"))
    media = str(_object(response.get("content")).get("mimeType", "")).lower()
    return (
        request.get("method") in METHODS
        and bool(_host(entry))
        and isinstance(response.get("status"), int)
        and 200 <= response["status"] < 600
        and not media.startswith(_PAGES)
    )


def _of_hosts(file: Path, entries: list[dict[str, Any]], hosts: Sequence[str]) -> list[dict[str, Any]]:
    there = Counter(_host(one) for one in entries)
    missing = [one for one in hosts if one not in there]
    if missing:
        raise UsageError(*(f"{file}: {unknown('host', one, there)}" for one in missing))
    if not hosts and len(there) > 1:
        listing = ", ".join(f"{one} ({counted(number, 'call')})" for one, number in there.most_common())
        raise UsageError(
            f"{file} has calls of several hosts; choose with --host, once for each of a service: {listing}."
        )
    return [one for one in entries if not hosts or _host(one) in hosts]


def _host(entry: Mapping[str, Any]) -> str:
    try:
        return urlsplit(str(_object(entry.get("request")).get("url", ""))).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _exchange(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what matters of an entry, under names by which secrets are found."""
    request, response = _object(entry.get("request")), _object(entry.get("response"))
    posted, content = _object(request.get("postData")), _object(response.get("content"))
    headers = _headers(request)
    sent_as = str(posted.get("mimeType", headers.get("content-type", "")))
    media = str(content.get("mimeType") or "").partition(";")[0].strip()
    return {
        "method": request["method"],
        "path": unquote(urlsplit(str(request["url"])).path) or "/",
        "headers": headers,
        "answered": _headers(response),
        "query": dict(parse_qsl(urlsplit(str(request["url"])).query)),
        "sent": _read(_text(posted), sent_as) or _fields(posted),
        "form": sent_as.startswith("application/x-www-form-urlencoded"),
        "status": response["status"],
        "media": media,
        "body": _read(_text(content), media),
    }


def _without_secrets(found: list[dict[str, Any]]) -> list[Exchange]:
    redactor = active().fresh()
    # A secret is learned where it has a name, and replaced everywhere: so all is looked at twice.
    for one in found:
        redactor.value(one)
    return [_as_exchange(one, redactor.value(one)) for one in found]


def _as_exchange(raw: Mapping[str, Any], clean: Mapping[str, Any]) -> Exchange:
    scheme = str(raw["headers"].get("authorization", "")).partition(" ")[0].lower()
    keys = [name for name in raw["headers"] if re.fullmatch(r"(x-)?api-?key", name)]
    return Exchange(
        method=clean["method"],
        path=clean["path"],
        sent=clean["sent"],
        form=clean["form"],
        auth=scheme if scheme in {"bearer", "basic"} else keys[0] if keys else "",
        status=clean["status"],
        media=clean["media"],
        body=clean["body"],
    )


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    found = message.get("headers")
    return {
        str(one.get("name", "")).lower(): str(one.get("value", ""))
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict)
    }


def _fields(posted: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the fields of a form that was recorded without its text."""
    found = posted.get("params")
    fields = {
        str(one.get("name")): str(one.get("value", ""))
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict)
    }
    return fields or None


def _text(content: Mapping[str, Any]) -> str:
    text = str(content.get("text") or "")
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text).decode()
        except (ValueError, binascii.Error):
            return ""
    return text


def _read(text: str, media: str) -> Any:
    if not text:
        return None
    if media.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text))
    if json_media(media) or text[:1] in "{[":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
