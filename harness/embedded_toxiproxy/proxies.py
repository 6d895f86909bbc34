"""The proxies of one server: created, updated, populated and reset as TX-020 to TX-051 say.

Every change is made in one turn of the event loop, after whatever had to be looked up: nothing is locked, and nothing
that hangs can block the control API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.embedded_toxiproxy import addresses
from harness.embedded_toxiproxy.addresses import BadAddress, Resolved
from harness.embedded_toxiproxy.go_json import BadBody, Fields
from harness.embedded_toxiproxy.metrics import Metrics
from harness.embedded_toxiproxy.proxy import ListeningProxy
from harness.embedded_toxiproxy.refusals import Refused, bad_body


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    name: str
    listen: str
    upstream: str
    enabled: bool

    @classmethod
    def read(cls, value: Any) -> _Wanted:
        given = Fields(value)
        return cls(
            name=given.text("name", ""),
            listen=given.text("listen", ""),
            upstream=given.text("upstream", ""),
            enabled=given.truth("enabled", default=True),
        )

    def missing(self) -> str | None:
        if not self.name:
            return "name"
        return None if self.upstream else "upstream"


class Proxies:
    """Proxies by name.

    Args:
        seed: What all chance is drawn from (TX-078).
        metrics: Where bytes are counted.
    """

    def __init__(self, *, seed: str, metrics: Metrics) -> None:
        self.seed = seed
        self._metrics = metrics
        self._proxies: dict[str, ListeningProxy] = {}

    def all(self) -> list[ListeningProxy]:
        """Return the proxies in order of name."""
        return [self._proxies[name] for name in sorted(self._proxies)]

    def get(self, name: str) -> ListeningProxy:
        """Return one proxy.

        Raises:
            Refused: There is none of this name (TX-027).
        """
        proxy = self._proxies.get(name)
        if proxy is None:
            raise Refused(404, "proxy not found")
        return proxy

    async def create(self, body: Any) -> ListeningProxy:
        """Create a proxy (TX-021 to TX-026).

        Raises:
            Refused: A field is missing or wrong, the name is taken, or the address cannot be had.
        """
        wanted = _read(body)
        missing = wanted.missing()
        if missing is not None:
            raise Refused(400, f"missing required field: {missing}")
        self._name_is_free(wanted.name)
        address = await _resolve(wanted.listen) if wanted.enabled else None
        self._name_is_free(wanted.name)
        proxy = self._new(wanted)
        if address is not None:
            _start(proxy, address)
        self._proxies[proxy.name] = proxy
        return proxy

    async def update(self, name: str, body: Any) -> ListeningProxy:
        """Change a proxy; what is absent keeps its value (TX-028 to TX-033).

        Raises:
            Refused: A field is wrong, or the address cannot be had.
        """
        proxy = self.get(name)
        try:
            given = Fields(body)
            listen = given.text("listen", proxy.listen)
            upstream = given.text("upstream", proxy.upstream)
            enabled = given.truth("enabled", default=proxy.enabled)
        except BadBody as error:
            raise bad_body(error) from error
        address = None
        moved = given.any("listen") is not None
        if moved or (enabled and not proxy.enabled):
            try:
                address = await addresses.resolve(listen)
            except BadAddress as error:
                raise Refused(500, str(error)) from error
            if self.get(name) is not proxy:
                raise Refused(404, "proxy not found")
        if (moved and str(address) != proxy.listen) or upstream != proxy.upstream:
            address = address if address is not None else await _resolve(proxy.listen)
            proxy.stop()
            proxy.listen, proxy.upstream = listen, upstream
        if enabled and not proxy.enabled and address is not None:
            _start(proxy, address)
        elif not enabled:
            proxy.stop()
        await proxy.gone()
        return proxy

    async def delete(self, name: str) -> None:
        """Delete a proxy with its connections; name and port are free at once (TX-034).

        Raises:
            Refused: There is none of this name.
        """
        proxy = self.get(name)
        del self._proxies[name]
        proxy.stop()
        await proxy.gone()

    async def populate(self, body: Any) -> list[ListeningProxy]:
        """Create or replace a list of proxies (TX-040 to TX-046).

        Raises:
            Refused: With those that were done before the failure.
        """
        if body is not None and not isinstance(body, list):
            raise Refused(400, "bad request body: json: cannot unmarshal a value that is no array")
        wanted = [_read(entry) for entry in body or ()]
        for number, entry in enumerate(wanted, 1):
            missing = entry.missing()
            if missing is not None:
                raise Refused(400, f"missing required field: {missing} at proxy {number}")
        done: list[ListeningProxy] = []
        for entry in wanted:
            try:
                done.append(await self._add_or_replace(entry))
            except Refused as error:
                raise Refused(error.status, error.message, tuple(done)) from error
        return done

    async def reset(self) -> None:
        """Start every proxy and remove every toxic (TX-050).

        Raises:
            Refused: A proxy could not be started. The others are reset all the same (TX-051 leaves them unreset).
        """
        failed: Refused | None = None
        for proxy in self.all():
            for placed in proxy.all_toxics():
                proxy.remove_toxic(placed)
            if not proxy.enabled:
                try:
                    address = await _resolve(proxy.listen)
                    if self._proxies.get(proxy.name) is proxy:
                        _start(proxy, address)
                except Refused as error:
                    failed = failed or error
        if failed is not None:
            raise failed

    async def close(self) -> None:
        """Stop every proxy."""
        for proxy in self.all():
            proxy.stop()
        for proxy in self.all():
            await proxy.gone()
        self._proxies.clear()

    def _new(self, wanted: _Wanted) -> ListeningProxy:
        return ListeningProxy(
            name=wanted.name, listen=wanted.listen, upstream=wanted.upstream, seed=self.seed, metrics=self._metrics
        )

    def _name_is_free(self, name: str) -> None:
        if name in self._proxies:
            raise Refused(409, "proxy already exists")

    async def _add_or_replace(self, wanted: _Wanted) -> ListeningProxy:
        try:
            address = await addresses.resolve(wanted.listen)
        except BadAddress as error:
            prefix = "" if wanted.name in self._proxies else "listen tcp: "
            if wanted.enabled or not prefix:
                raise Refused(500, f"{prefix}{error}") from error
            address = None
        existing = self._proxies.get(wanted.name)
        if existing is not None:
            if existing.listen == str(address) and existing.upstream == wanted.upstream:
                return existing
            existing.stop()
        proxy = self._new(wanted)
        if wanted.enabled and address is not None:
            _start(proxy, address)
        self._proxies[wanted.name] = proxy
        if existing is not None:
            await existing.gone()
        return proxy


def _read(value: Any) -> _Wanted:
    try:
        return _Wanted.read(value)
    except BadBody as error:
        raise bad_body(error) from error


async def _resolve(listen: str) -> Resolved:
    try:
        return await addresses.resolve(listen)
    except BadAddress as error:
        raise Refused(500, f"listen tcp: {error}") from error


def _start(proxy: ListeningProxy, address: Resolved) -> None:
    try:
        proxy.start(address)
    except OSError as error:
        raise Refused(500, str(error.args[-1])) from error
