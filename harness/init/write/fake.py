"""Writes a fake of a service: an operation for each request that the code makes, with an answer that it can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from harness.init.find.services import FoundOperation, FoundService
from harness.init.write.addition import Addition
from harness.init.write.code import laid_out, quoted

_FILE = '''"""{title}

Written by `harness init` from the requests in the code.
The answers are examples: change them to what the service says.
"""

from __future__ import annotations

{imports}from harness import Call, FakeService, Reply, operation


class {kind}(FakeService):
    """{title}"""
{hosts}{read}{operations}'''

_READ = '''
    def read(self, raw: bytes) -> tuple[Any, str | None]:
        """Return the fields of a form; a body that is JSON is read as such."""
        if raw[:1] in {b"{", b"["}:
            return super().read(raw)
        return dict(parse_qsl(raw.decode())), None
'''

_EFFECT = '''
    @operation({route})
    async def {name}(self, call: Call) -> Reply:
        """Answer {place}: takes effect {once}."""
        body = {body}
        key = call.key or {key}
        _, answer = self.ledger.apply(operation=call.operation, key=key, call=call.id, value=body)
        return Reply({status}body=answer)
'''

_READS = '''
    @operation({route})
    async def {name}(self, call: Call) -> Reply:
        """Answer {place}: changes nothing."""
        return Reply({status}body={body})
'''


def write_fake(root: Path, folder: str, service: FoundService) -> Iterator[Addition]:
    """Yield the fake, if there is no file of that name."""
    path = Path(folder, f"{service.name}.py")
    if (root / path).exists():
        return
    form = any(one.request.form for one in service.operations)
    text = _FILE.format(
        title=f"Stands in for the service {service.reached}.",
        kind=service.kind,
        imports="from typing import Any\nfrom urllib.parse import parse_qsl\n\n" if form else "",
        hosts=f'\n    hosts = ("{service.base.host}",)\n' if service.base.host else "",
        read=_READ if form else "",
        operations="".join(_operation(one) for one in service.operations),
    )
    asked = len(service.operations)
    yield Addition(path=path, text=text, what=f"a fake with {asked} operation{'s' if asked > 1 else ''}")


def _operation(one: FoundOperation) -> str:
    status = one.request.answer.status
    given = f"status={status}, " if status not in {None, 200} else ""
    body = laid_out(repr(one.request.answer.body), indent=8, before=7 if one.changes else 20 + len(given))
    # A service gives each effect a name of its own, by which a repeated one is found.
    body = re.sub(r'"([\w ]+)-1"', r'f"\1-{call.number}"', body) if one.changes else body
    return (_EFFECT if one.changes else _READS).format(
        route=quoted(f"{one.request.method} {_route(one.path)}"),
        name=one.name,
        place=one.request.place,
        body=body,
        once="once for each idempotency key, and each time without one"
        if one.request.repeats
        else "once for each path",
        key="call.id" if one.request.repeats else "call.sent.target",
        status=given,
    )


def _route(path: str) -> str:
    """Return a path as a fake takes it: without blanks."""
    return re.sub(r"\s", "", path)
