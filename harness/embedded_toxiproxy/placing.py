"""Toxics are put on proxies and changed as TX-060 to TX-072 say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.embedded_toxiproxy.chain import Placed
from harness.embedded_toxiproxy.go_json import BadBody, Fields
from harness.embedded_toxiproxy.proxy import ListeningProxy
from harness.embedded_toxiproxy.refusals import Refused, bad_body
from harness.embedded_toxiproxy.toxic import Toxic


def find(proxy: ListeningProxy, name: str) -> Placed:
    """Return a toxic of a proxy.

    Raises:
        Refused: It has none of this name (TX-068).
    """
    placed = proxy.toxic(name)
    if placed is None:
        raise Refused(404, "toxic not found")
    return placed


def add(proxy: ListeningProxy, body: Any, kinds: Mapping[str, Toxic]) -> Placed:
    """Add a toxic to a proxy (TX-061 to TX-067).

    Raises:
        Refused: A field is wrong, or the name is taken.
    """
    try:
        given = Fields(body)
        stream = given.text("stream", "downstream")
        kind = given.text("type", "")
        name = given.text("name", "")
        toxicity = given.float32("toxicity", 1)
        if stream.lower() not in {"upstream", "downstream"}:
            raise Refused(400, "stream was invalid, can be either upstream or downstream")
        if kind not in kinds:
            raise Refused(400, "invalid toxic type")
        name = name or f"{kind}_{stream}"
        if proxy.toxic(name) is not None:
            raise Refused(409, "toxic already exists")
        settings = kinds[kind].changed(given.any("attributes"))
    except BadBody as error:
        raise bad_body(error) from error
    placed = Placed(name=name, type=kind, stream=stream, toxicity=toxicity, toxic=settings)
    proxy.add_toxic(placed)
    return placed


def update(proxy: ListeningProxy, name: str, body: Any) -> Placed:
    """Change attributes and toxicity of a toxic, all or nothing (TX-069, TX-070).

    Raises:
        Refused: There is no such toxic, or a field is wrong.
    """
    placed = find(proxy, name)
    try:
        given = Fields(body)
        toxicity = given.float32("toxicity", placed.toxicity)
        settings = placed.toxic.changed(given.any("attributes"))
    except BadBody as error:
        raise bad_body(error) from error
    placed.toxicity, placed.toxic = toxicity, settings
    proxy.toxic_changed(placed)
    return placed
