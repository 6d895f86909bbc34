"""Fake services: real HTTP on a real socket, with a journal of every call and every effect.

A fake declares its operations; the journal, the ledger, the idempotency key, refusal of bad requests, faults and
the control paths come with the base.

    class Flights(FakeService):
        '''Books and cancels flights.'''

        @operation("POST /bookings")
        async def book(self, call: Call, wanted: Booking) -> Reply: ...

        @operation("DELETE /bookings/{key}", undoes=book)
        async def cancel(self, call: Call) -> Reply: ...

`Flights.book` is then a value: what a fault is aimed at and an oracle asks about.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ValidationError

from harness.errors import UsageError
from harness.events import CallAnswered, CallReceived, CallUnanswered, Event, now
from harness.files.naming import snake_case
from harness.fixed_hosts.names import host_problems
from harness.processes.guard import ProcessGuard
from harness.services.disturbed_reply import disturbed_reply
from harness.services.ledger import Ledger
from harness.services.operation import Call, Disturbance, Hook, Operation, Reply, Silence, body_model, problems_of

# What serves HTTP is imported where it is used: declarations are read without the packages for that, too.
if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

CONTROL = "/_fake"
"""Where a fake's own paths begin: its journal, and its faults when it is run by hand."""


class Service:
    """What a scenario can use behind a proxy: a fake, or a real server that speaks TCP.

    Attributes:
        hosts: The hosts that it stands in for where they are written into the application's code, such as
            ("api.stripe.com",). It must speak HTTP; https for them is ended in front of it.

    Args:
        emit: Receives each event as it happens.
    """

    hosts: ClassVar[Sequence[str]] = ()

    def __init__(self, emit: Callable[[Event], None] | None = None) -> None:
        self._emit = emit

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        problems = [*host_problems(cls.__name__, cls.hosts)]
        if problems:
            raise UsageError(*problems)

    @classmethod
    def name(cls) -> str:
        """Its name in journals, reports and the application's base URLs: the class's, in snake_case."""
        return snake_case(cls.__name__)

    @classmethod
    def missing(cls) -> str | None:
        """Why it cannot be started on this machine, and what to do; None when it can."""
        return None

    def base_url(self, address: str) -> str:
        """Return the base URL that the application receives for it, when it is reached at HOST:PORT."""
        return f"http://{address}"

    @property
    def address(self) -> str:
        """HOST:PORT as bound."""
        raise NotImplementedError

    @property
    def connections(self) -> int:
        """How many connections are open, from the proxy to it, if it counts them."""
        return 0

    async def open(self, guard: ProcessGuard, *, log: Path) -> None:
        """Start it on a free port.

        Args:
            guard: Ends its process, if it has one, if this process dies.
            log: Receives its own output, if it has any.

        Raises:
            EnvironmentUnavailable: It cannot be started.
        """
        raise NotImplementedError

    async def idle(self) -> None:
        """Wait until it serves no call, if it counts them."""

    async def take_stock(self) -> None:
        """Record what it holds at the end of the run, if the journal does not show that."""

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        raise NotImplementedError


class FakeService(Service):
    """The base of every fake.

    Attributes:
        journal: Every event so far.
        ledger: The effects, by idempotency key.
        in_flight: How many calls are being served.
        workflow_clock: Returns the workflow's time on a server whose clock skips; None for the wall clock.

    Args:
        emit: Receives each event as it happens, besides the fake's own journal.
        control: Makes further paths to serve, such as those of `harness.run.manual_fake`.
    """

    def __init__(
        self,
        emit: Callable[[Event], None] | None = None,
        *,
        control: Callable[[FakeService], list[BaseRoute]] = lambda _: [],
    ) -> None:
        super().__init__(emit)
        self.journal: list[Event] = []
        self.ledger = Ledger(self.name(), self.record)
        self._counts: Counter[str] = Counter()
        self._disturbances: list[tuple[str, Disturbance]] = []
        self._hooks: list[tuple[str, Hook]] = []
        self.in_flight = 0
        self.workflow_clock: Callable[[], datetime] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        from harness.services.http_application import application  # noqa: PLC0415 - see above
        from harness.services.http_server import HttpServer  # noqa: PLC0415 - see above

        self._server = HttpServer(application(self.name(), self._matched(), self.serve, control(self)))

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        taken = [name for name, one in vars(cls).items() if isinstance(one, Operation) and hasattr(FakeService, name)]
        if taken:
            raise UsageError(
                *(
                    f"{cls.__name__}: an operation cannot be named {name!r}; every fake has that attribute."
                    for name in taken
                )
            )

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """What it can be asked to do, by name, in the order of declaration."""
        names = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base))
        return {name: value for name in names if isinstance(value := getattr(cls, name), Operation)}

    # --- life ---

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            EnvironmentUnavailable: The port is taken, or the host is not one of this machine's.
        """
        await self._server.start(host=host, port=port)

    async def prepare(self, guard: ProcessGuard, *, log: Path) -> None:
        """Start what it needs before it can serve, such as another server behind it; most fakes need nothing.

        Args:
            guard: Ends its processes if this process dies.
            log: Receives their output.

        Raises:
            EnvironmentUnavailable: That cannot be started.
        """

    async def open(self, guard: ProcessGuard, *, log: Path) -> None:
        """Prepare, and listen on a free port."""
        await self.prepare(guard, log=log)
        await self.start()

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        await self._server.stop()

    @property
    def address(self) -> str:
        """HOST:PORT as bound."""
        return self._server.address

    @property
    def connections(self) -> int:
        """How many connections are open, from the proxy to it."""
        return self._server.connections

    def record(self, event: Event) -> None:
        """Write an event to the journal and to the run's stream."""
        self.journal.append(event)
        if self._emit is not None:
            self._emit(event)

    def read(self, raw: bytes) -> tuple[Any, str | None]:
        """Return the value of a body, for the journal and the operations, and why it cannot be read, if so.

        Bodies are JSON, unless a fake overrides this.
        """
        if not raw:
            return None, None
        try:
            return json.loads(raw), None
        except ValueError as error:
            return None, f"the body is not JSON: {error}"

    def now(self) -> datetime:
        """Return the application's time: its workflow's, where that one skips, else the wall clock's."""
        return now() if self.workflow_clock is None else self.workflow_clock()

    def clear(self) -> None:
        """Forget journal, effects and counts. What is armed stays armed."""
        self.journal.clear()
        self.ledger.clear()
        self._counts.clear()

    # --- what faults, triggers and drivers use ---

    @contextmanager
    def disturbed(self, on: Operation, disturbance: Disturbance) -> Iterator[None]:
        """Pass every call of an operation through `disturbance`; of several, the first armed is the outermost."""
        entry = (on.name, disturbance)
        self._disturbances.append(entry)
        try:
            yield
        finally:
            self._disturbances.remove(entry)

    @contextmanager
    def watched(self, on: Operation | None, hook: Hook) -> Iterator[None]:
        """Await `hook` whenever a call of the operation (of any, for None) has arrived, before it is served."""
        entry = ("" if on is None else on.name, hook)
        self._hooks.append(entry)
        try:
            yield
        finally:
            self._hooks.remove(entry)

    @asynccontextmanager
    async def holding(self, on: Operation, *, nth: int = 1) -> AsyncIterator[Call]:
        """Wait until the nth call of an operation has arrived, and hold it unserved until the context is left."""
        arrived: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
        released = asyncio.Event()

        async def hold(call: Call) -> None:
            if call.number == nth and not arrived.done():
                arrived.set_result(call)
                await released.wait()

        with self.watched(on, hold):
            try:
                yield await arrived
            finally:
                released.set()

    # --- serving ---

    def _matched(self) -> list[Operation]:
        """Return the operations in the order in which a request is compared with their paths."""
        return [*type(self).operations().values()]

    async def idle(self) -> None:
        """Wait until no call is being served."""
        await self._idle.wait()

    async def serve(self, on: Operation, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: record it, run hooks and faults, then answer or cut the connection."""
        self.in_flight += 1
        self._idle.clear()
        try:
            await self._serve(on, scope, receive, send)
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self._idle.set()

    async def _serve(self, on: Operation, scope: Scope, receive: Receive, send: Send) -> None:
        from harness.services.http_messages import (  # noqa: PLC0415 - see above
            as_response,
            as_sent,
            disconnected,
            received,
        )

        request, raw = await received(scope, receive)
        if raw is None:
            return
        self._counts[on.name] += 1
        number = self._counts[on.name]
        body, unreadable = self.read(raw)
        key = request.path_params.get("key") or request.headers.get("idempotency-key")
        disconnect = asyncio.ensure_future(disconnected(receive))
        call = Call(
            id=f"{self.name()}.{on.name}#{number}",
            number=number,
            operation=on.name,
            key=key,
            body=body,
            path=dict(request.path_params),
            sent=as_sent(request, raw),
            gone=lambda: asyncio.shield(disconnect),
            has_gone=disconnect.done,
        )
        time = None if self.workflow_clock is None else self.workflow_clock()
        self.record(
            CallReceived(service=self.name(), operation=on.name, call=call.id, key=key, body=body, workflow_time=time)
        )
        try:
            for name, hook in tuple(self._hooks):
                if name in {"", on.name}:
                    await hook(call)
            reply = await self._through_faults(on, call, unreadable)
            if isinstance(reply, Silence):
                self._server.abort(scope)
                self.record(CallUnanswered(call=call.id, why=reply.why))
                # Returning before the server has noticed the cut would make it answer 500.
                await disconnect
            elif disconnect.done():
                self.record(CallUnanswered(call=call.id, why="the caller closed the connection before the answer"))
            else:
                self.record(CallAnswered(call=call.id, status=reply.status, has_body=reply.has_body))
                await as_response(reply)(scope, receive, send)
        finally:
            disconnect.cancel()

    async def _through_faults(self, on: Operation, call: Call, unreadable: str | None) -> Reply | Silence:
        chain = [disturbance for name, disturbance in self._disturbances if name == on.name]
        return await disturbed_reply(chain, call, lambda: self._handle(on, call, unreadable))

    async def _handle(self, on: Operation, call: Call, unreadable: str | None) -> Reply:
        if unreadable is not None:
            return self._refusal(on, 400, unreadable)
        model = body_model(on)
        if model is None:
            return await on.handler(self, call)
        try:
            value = self._parsed(model, call)
        except ValidationError as error:
            return self._refusal(on, 422, f"{call.operation} was refused: {problems_of(error)}")
        return await on.handler(self, call, value)

    def _parsed(self, model: type[BaseModel], call: Call) -> BaseModel:
        """Return a body as its model; a fake overrides it where that depends on the operation."""
        return model.model_validate(call.body if call.body is not None else {})

    def _refusal(self, on: Operation, status: int, why: str) -> Reply:  # noqa: ARG002 - a fake may answer each otherwise
        """Return the answer to a call that is refused; a fake overrides it to answer as its service does."""
        return Reply(status=status, body={"error": why})
