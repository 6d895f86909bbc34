"""The base of fakes that were made from a contract: credentials, refusals, and what was created, by its key.

A generated fake says what the contract says: its models, example answers, and for each operation whether it creates,
reads, changes, lists or removes. This is what these words mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import BaseModel

from harness.events import Event
from harness.files.wording import cut
from harness.services.contract_state import ContractState, Where
from harness.services.contract_terms import Terms, read_form
from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Operation, Reply
from harness.services.service import FakeService

LONGEST = 500
"""How many characters of a reason a header has."""

WHY = "Fake-Refusal"
"""The header that says why a call was refused: the body is the contract's example."""


class ContractService(FakeService):
    """The base of each.

    Attributes:
        prefix: The path of the service's base URL, such as "/v1".
    """

    prefix: ClassVar[str] = ""

    def __init__(self, emit: Callable[[Event], None] | None = None, **options: Any) -> None:
        super().__init__(emit, **options)
        self._state = ContractState()

    def base_url(self, address: str) -> str:
        """Return the base URL with the contract's path."""
        return f"http://{address}{self.prefix}"

    def clear(self) -> None:
        """Forget what was created, too."""
        super().clear()
        self._state.clear()

    def read(self, raw: bytes) -> tuple[Any, str | None]:
        """Return the value of a body that is JSON or a form."""
        value, why = super().read(raw)
        if why is not None:
            try:
                return read_form(raw), None
            except ValueError:
                pass
        return value, why

    # --- what operations answer ---

    def _created(
        self,
        call: Call,
        reply: Reply,
        *,
        at: str,
        id: str,  # noqa: A002 - the contract's word
        taken: Mapping[str, Any],
        like: Any = 1,
        within: str = "",
        gives: Sequence[str] | None = None,
    ) -> Reply:
        """Create something, once for each idempotency key, and answer with it.

        Args:
            call: The call.
            reply: The answer, with an example.
            at: The path of one of them, which tells the kinds apart.
            id: The property that identifies it; "" for none.
            taken: What of the body is kept.
            like: An example of an id, where the answer has none.
            within: The property of the answer that holds it; "" for the answer itself.
            gives: What of it is in this answer; None for all.
        """
        body, item = _opened(reply, within)
        known = taken[id] if id in taken else self._state.new_id(at, self._key(call), item.get(id, like))
        where = (at, *call.path.values(), str(known))
        fields = {**item, **taken, **({id: known} if id else {})}
        item.update(_some(fields, gives))
        key = self._state.effect_key(where, chosen=id in taken)
        entry, first = self.ledger.apply(operation=call.operation, key=key, call=call.id, value=body)
        if entry is LedgerEntry.APPLIED:
            self._state.keep(where, key, _some(fields, None if gives is None else {*gives, *taken, id}))
        elif entry is LedgerEntry.REFUSED and self._terms(call).refusal(409) is not None:
            return self._refusal(self._operation(call), 409, f"{where[-1]} was removed before this call arrived")
        located = {"Location": self._place(where)} if "Location" in reply.headers else {}
        return replace(reply, body=body if first is None else first, headers={**reply.headers, **located})

    def _read(
        self,
        call: Call,
        reply: Reply,
        *,
        at: str,
        key: str = "",
        within: str = "",
        gives: Sequence[str] | None = None,
    ) -> Reply:
        """Answer with something that was created; what nobody knows is refused, if the contract has an answer for it.

        Args:
            call: The call.
            reply: The answer, with an example.
            at: The path of one of them.
            key: Which one, if the path does not say it.
            within: The property of the answer that holds it; "" for the answer itself.
            gives: What of it is in this answer; None for all.
        """
        return self._changed(call, reply, at=at, taken={}, key=key, within=within, gives=gives, effect=False)

    def _changed(
        self,
        call: Call,
        reply: Reply,
        *,
        at: str,
        taken: Mapping[str, Any],
        key: str = "",
        within: str = "",
        gives: Sequence[str] | None = None,
        effect: bool = True,
    ) -> Reply:
        """Change something that was created, and answer with it: the arguments are those of `_read` and `_created`."""
        where = self._where(call, at, key)
        kept = self._state.things.get(where)
        if kept is None and self._terms(call).refusal(404) is not None:
            return self._refusal(self._operation(call), 404, f"there is no {'/'.join(where[1:])}")
        if kept is not None:
            kept.update(taken)
        if effect:
            self.ledger.apply(operation=call.operation, key=self._key(call), call=call.id, value=None)
        if reply.raw is not None or reply.body is None:
            return reply
        body, item = _opened(reply, within)
        item.update(_some(taken if kept is None else kept, gives))
        return replace(reply, body=body)

    def _put(
        self,
        call: Call,
        reply: Reply,
        *,
        at: str,
        taken: Mapping[str, Any],
        id: str = "",  # noqa: A002 - the contract's word
    ) -> Reply:
        """Have something under the key in the path, whether it was there or not: the arguments are `_created`'s."""
        where = self._where(call, at, "")
        key = self._state.effect_key(where, chosen=True)
        entry, _ = self.ledger.apply(operation=call.operation, key=key, call=call.id, value=None)
        if entry is LedgerEntry.REFUSED and self._terms(call).refusal(409) is not None:
            return self._refusal(self._operation(call), 409, f"{where[-1]} was removed before this call arrived")
        kept = self._state.keep(where, key, taken)
        if reply.raw is not None or not isinstance(reply.body, dict):
            return reply
        body = deepcopy(reply.body)
        body.update({**_as_id(body, id, where[-1]), **{name: one for name, one in taken.items() if name in body}})
        kept.update(body)
        return replace(reply, body=body)

    def _removed(self, call: Call, reply: Reply, *, at: str, key: str = "", stays: bool = False) -> Reply:
        """Undo what created something; what nobody knows is refused, if the contract has an answer for it.

        Args:
            call: The call.
            reply: The answer.
            at: The path of one of them.
            key: Which one, if the path does not say it.
            stays: Whether it can be read afterwards, as a cancelled payment can.
        """
        where = self._where(call, at, key)
        operation = self._operation(call)
        key = self._state.key_of(where)
        entry = self.ledger.undo(operation=call.operation, undoes=operation.undoes, key=key, call=call.id)
        kept = self._state.things.get(where)
        if not stays:
            self._state.remove(where)
        if entry is LedgerEntry.TOMBSTONED and kept is None and self._terms(call).refusal(404) is not None:
            return self._refusal(operation, 404, f"there is no {'/'.join(where[1:])}")
        if kept is not None and stays and isinstance(reply.body, dict):
            return replace(reply, body={**reply.body, **{name: kept[name] for name in reply.body if name in kept}})
        return reply

    def _listed(
        self,
        call: Call,
        reply: Reply,
        item: Any,
        *,
        at: str,
        within: str = "",
        total: str = "",
        gives: Sequence[str] | None = None,
    ) -> Reply:
        """Answer with everything that was created, and not removed since.

        Args:
            call: The call.
            reply: The answer, with an example.
            item: One of the list, as an example.
            at: The path of one of them.
            within: The property of the answer that holds the list; "" for the answer itself.
            total: The property of the answer that says how many there are.
            gives: What of each is in the list; None for all.
        """
        inside = (at, *call.path.values())
        found = [{**item, **_some(kept, gives)} for where, kept in self._state.things.items() if where[:-1] == inside]
        if not within:
            return replace(reply, body=found)
        return replace(reply, body={**reply.body, within: found, **({total: len(found)} if total else {})})

    def _done(self, call: Call, reply: Reply) -> Reply:
        """Do something else, once for each idempotency key."""
        self.ledger.apply(operation=call.operation, key=self._key(call), call=call.id, value=None)
        return reply

    # --- what the contract says of every call ---

    def _matched(self) -> list[Operation]:
        # The first that matches is taken: /pets/mine comes before /pets/{id}.
        return sorted(super()._matched(), key=lambda one: [*map(_is_parameter, one.path.split("/"))])

    async def _handle(self, on: Operation, call: Call, unreadable: str | None) -> Reply:
        terms = self._terms(call)
        if why := terms.unauthenticated(call.sent):
            return self._refusal(on, 401, why)
        if why := terms.incomplete(call.sent):
            return self._refusal(on, 400, why)
        reply = await super()._handle(on, call, None if terms.body == "other" else unreadable)
        if why := terms.unlike(reply):
            # A change of the generated code went wrong: nobody should have to look for that in the application.
            return Reply(status=500, body={"error": f"{on}: its answer is not as the contract says: {why}"})
        return reply

    def _parsed(self, model: type[BaseModel], call: Call) -> BaseModel:
        terms = self._terms(call)
        if not call.sent.content and terms.may_be_empty:
            return model.model_construct()
        if terms.body == "form":
            return super()._parsed(model, call)
        return model.model_validate_json(json.dumps(call.body), strict=True)

    def _refusal(self, on: Operation, status: int, why: str) -> Reply:
        terms: Terms = on.terms or Terms()
        known = terms.refusal(status)
        if known is None:
            return super()._refusal(on, status, why)
        # A header has neither control characters nor others than ASCII's; the sentence may quote the call.
        headers = {**known.headers, WHY: cut(why, LONGEST).encode("unicode_escape").decode()}
        return replace(known, headers=headers)

    def _operation(self, call: Call) -> Operation:
        found: Operation = getattr(type(self), call.operation)
        return found

    def _terms(self, call: Call) -> Terms:
        return self._operation(call).terms or Terms()

    def _key(self, call: Call) -> str:
        return call.sent.headers.get(self._terms(call).key.lower()) or call.key or call.id

    def _place(self, where: Where) -> str:
        """Return the path of a thing, as a header names it."""
        values = iter(where[1:])
        return self.prefix + re.sub(r"\{\w+\}", lambda _: quote(next(values), safe=""), where[0])

    def _where(self, call: Call, at: str, key: str) -> Where:
        """Return where something is kept: the values of the path, as many as the path of one of them has."""
        values = [key] if key else [*call.path.values()]
        return (at, *values[: at.count("{")])


def fields(body: BaseModel, *names: str) -> dict[str, Any]:
    """Return some properties of a body as JSON values, those that were given.

    Args:
        body: The body.
        names: The names of the properties in JSON.
    """
    given = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {name: given[name] for name in names if name in given}


def key_of(body: BaseModel, name: str) -> str:
    """Return the property of a body that says which thing is meant.

    Args:
        body: The body.
        name: The name of the property in JSON.
    """
    return str(fields(body, name).get(name, ""))


def _opened(reply: Reply, within: str) -> tuple[Any, dict[str, Any]]:
    """Return a copy of a reply's body, and the object in it."""
    body = deepcopy(reply.body)
    item = body[within] if within else body
    return body, item if isinstance(item, dict) else {}


def _some(fields: Mapping[str, Any], names: Sequence[str] | set[str] | None) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if names is None or name in names}


def _as_id(item: Mapping[str, Any], name: str, value: str) -> dict[str, Any]:
    """Return an id from a path, as a value of the kind that the example has."""
    example = item.get(name)
    if isinstance(example, int):
        return {name: int(value)} if value.isdecimal() else {}
    return {name: value} if isinstance(example, str) else {}


def _is_parameter(segment: str) -> bool:
    return "{" in segment
