"""The control API answers requests as HTTP clients of Toxiproxy expect."""

from __future__ import annotations

import json
import re

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.control import Control
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.wire import Upstream, connect

MATCHED = ("/version", "/proxies", "/proxies/nobody", "/proxies/nobody/toxics", "/proxies/nobody/toxics/none")


@pytest.mark.tx("TX-002")
async def test_get_routes_exist(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Every route that reads answers 200."""
    proxy = await make_proxy(echoing)
    await proxy.add("noop", name="n")

    for path in ("/version", "/proxies", proxy.path, f"{proxy.path}/toxics", f"{proxy.path}/toxics/n"):
        assert (await control.call("GET", path)).status == 200


@pytest.mark.tx("TX-003")
@pytest.mark.parametrize("path", ["/nothing", "/proxies/", "/proxies/a/toxics/b/c", "/", "/version/"])
async def test_unknown_path(control: Control, path: str) -> None:
    """An unknown path, a slash at the end included, is a 404 in plain text."""
    reply = await control.call("GET", path)

    assert reply.status == 404
    assert reply.body == b"404 page not found\n"
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert "x-toxiproxy-request-id" not in reply.headers


@pytest.mark.tx("TX-003")
@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("//version", "/version"),
        ("/proxies/../version", "/version"),
        ("/./proxies", "/proxies"),
        ("/a//b/", "/a/b/"),
        ("/proxies/%2e%2e/version?a=/../b", "/version?a=/../b"),
        ("//x%20y%3f%0d%0aA:%C3%BC", "/x%20y%3F%0D%0AA:%C3%BC"),
    ],
)
async def test_unclean_path(control: Control, path: str, cleaned: str) -> None:
    """A path that is not clean is redirected to the clean one."""
    reply = await control.call("GET", path)

    assert reply.status == 301
    assert reply.headers["location"] == cleaned
    assert reply.body == b""


@pytest.mark.tx("TX-004")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/proxies"),
        ("DELETE", "/proxies"),
        ("HEAD", "/proxies"),
        ("OPTIONS", "/version"),
        ("GET", "/reset"),
        ("GET", "/populate"),
        ("PUT", "/proxies/nobody"),
        ("DELETE", "/proxies/nobody/toxics"),
        ("PUT", "/proxies/nobody/toxics/none"),
        ("POST", "/version"),
    ],
)
async def test_wrong_method(control: Control, method: str, path: str) -> None:
    """A known path with another method is a bare 405."""
    reply = await control.call(method, path)

    assert reply.status == 405
    assert reply.body == b""
    assert reply.headers.get("content-length", "0") == "0"
    assert "allow" not in reply.headers
    assert "x-toxiproxy-request-id" not in reply.headers


@pytest.mark.tx("TX-005")
@pytest.mark.parametrize("path", MATCHED)
async def test_request_id(control: Control, path: str) -> None:
    """Every handled answer carries an id of its own, errors too."""
    ids = [(await control.call("GET", path)).headers["x-toxiproxy-request-id"] for _ in range(3)]

    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[0-9a-v]{20}", one) for one in ids)


@pytest.mark.tx("TX-006")
@pytest.mark.parametrize("path", MATCHED)
async def test_browsers_are_kept_out(control: Control, path: str) -> None:
    """A browser's User-Agent is refused on every route."""
    reply = await control.call("GET", path, headers={"User-Agent": "Mozilla/5.0 (X11)"})

    assert reply.status == 403
    assert reply.body == b"User agent not allowed\n"
    assert reply.headers["content-type"].startswith("text/plain")


@pytest.mark.tx("TX-006")
@pytest.mark.parametrize("agent", ["mozilla/5.0", "", "curl/8 Mozilla/5.0", "Mozilla"])
async def test_other_agents_pass(control: Control, agent: str) -> None:
    """Only the exact prefix is refused."""
    assert (await control.call("GET", "/version", headers={"User-Agent": agent})).status == 200


@pytest.mark.tx("TX-006")
async def test_browsers_get_404_for_unknown_paths(control: Control) -> None:
    """On a path that does not exist 404 comes before the browser guard."""
    assert (await control.call("GET", "/nothing", headers={"User-Agent": "Mozilla/5.0"})).status == 404


@pytest.mark.tx("TX-007")
async def test_no_cors(control: Control) -> None:
    """Web pages of other origins get no permission."""
    origin = {"Origin": "http://example.org", "Access-Control-Request-Method": "POST"}
    asked = await control.call("OPTIONS", "/proxies", headers=origin)
    read = await control.call("GET", "/proxies", headers=origin)

    assert asked.status == 405
    assert read.status == 200
    assert not [name for reply in (asked, read) for name in reply.headers if name.startswith("access-control")]


@pytest.mark.tx("TX-008")
async def test_version(control: Control) -> None:
    """The version is JSON with a space after the colon and a newline at the end."""
    reply = await control.call("GET", "/version")

    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    # "git" is what a server says that was built without release flags.
    assert re.fullmatch(rb'\{"version": "(git|\d+\.\d+\.\d+(\+embedded)?)"\}\n', reply.body)


@pytest.mark.tx("TX-008")
async def test_json_answers(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """JSON comes without spaces and newline, with Go's escapes and its order of keys."""
    proxy = await make_proxy(echoing, name="html-test")
    await proxy.add("latency", name="<a&b>", latency=1)
    reply = await control.call("GET", proxy.path)

    assert reply.headers["content-type"] == "application/json"
    assert not reply.body.endswith(b"\n")
    assert b'"name":"\\u003ca\\u0026b\\u003e"' in reply.body
    assert b", " not in reply.body
    keys = [key for key in json.loads(reply.body) if key != "Logger"]
    assert keys == ["name", "listen", "upstream", "enabled", "toxics"]


@pytest.mark.tx("TX-009")
async def test_error_bodies(control: Control) -> None:
    """An error is JSON with message and status, whatever its Content-Type says."""
    reply = await control.call("GET", "/proxies/nobody")

    assert reply.status == 404
    assert reply.body == b'{"error":"proxy not found","status":404}\n'
    assert reply.headers["content-type"].split(";")[0] in {"text/plain", "application/json"}


@pytest.mark.tx("TX-010")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "bad request body: EOF"),
        (b"  \n", "bad request body: EOF"),
        (b'{"name": "a"', "bad request body: unexpected EOF"),
        (b'{"name": "a', "bad request body: unexpected EOF"),
        (b'{"enabled": tr', "bad request body: unexpected EOF"),
        (b"[1, 2", "bad request body: unexpected EOF"),
        (b'{"name": 5}', "bad request body: json: cannot unmarshal "),
        (b'{"enabled": "yes"}', "bad request body: json: cannot unmarshal "),
        (b"[]", "bad request body: json: cannot unmarshal "),
        (b'"text"', "bad request body: json: cannot unmarshal "),
        (b"5", "bad request body: json: cannot unmarshal "),
        (b"name=a", "bad request body: "),
        (b"{'name': 'a'}", "bad request body: "),
        (b'{"name": NaN}', "bad request body: "),
        (b'{"name": "a\x01"}', "bad request body: "),
        (b"\xff\xfe", "bad request body: "),
        (b"null", "missing required field: name"),
        (b"{}", "missing required field: name"),
        (b'{"name": null, "upstream": "x"}', "missing required field: name"),
    ],
)
async def test_bad_bodies(control: Control, body: bytes, message: str) -> None:
    """A body that cannot be read is a 400 that says why."""
    reply = await control.call("POST", "/proxies", body)

    assert reply.status == 400
    assert reply.error.startswith(message)


@pytest.mark.tx("TX-010")
async def test_lenient_bodies(control: Control, echoing: Upstream) -> None:
    """Keys are found in any case, unknown ones ignored, as is what follows the first value."""
    up = echoing.address.encode()
    body = b'{"NAME":"lenient","Upstream":"' + up + b'","LISTEN":"127.0.0.1:0","more":{"x":[1]}} {"name":"b"} rubbish'
    reply = await control.call("POST", "/proxies", body, headers={"Content-Type": "image/png"})
    await control.call("DELETE", "/proxies/lenient")

    assert reply.status == 201
    assert reply.json()["name"] == "lenient"


@pytest.mark.tx("TX-012")
@pytest.mark.parametrize("path", ["/proxies/a/b", "/proxies/a%2Fb"])
async def test_a_slash_in_a_name(control: Control, echoing: Upstream, path: str) -> None:
    """A name with a slash can be given, and never addressed again."""
    named = {"name": "a/b", "upstream": echoing.address, "enabled": False}
    assert (await control.call("POST", "/populate", [named])).status == 201
    reply = await control.call("GET", path)

    assert "a/b" in await control.get("/proxies")
    assert reply.status == 404
    assert reply.body == b"404 page not found\n"


@pytest.mark.tx("TX-012")
@pytest.mark.parametrize("path", ["/proxies/a%zz", "/proxies/%", "/version%2"])
async def test_bad_escapes(control: Control, path: str) -> None:
    """A path that is not percent-encoded rightly is a 400."""
    reply = await control.call("GET", path)

    assert reply.status == 400
    assert reply.body.startswith(b"400 Bad Request")


@pytest.mark.tx("TX-002")
async def test_a_whole_url(control: Control) -> None:
    """A client that believes in a proxy writes the whole URL, and is answered."""
    reply = await control.raw(b"GET http://somebody/version HTTP/1.1\r\nHost: x\r\n\r\n")

    assert reply.status == 200


@pytest.mark.tx("TX-012")
@pytest.mark.parametrize("name", ["with space", "ümläut", "a%b", "q?u#e", "dots.and-more_"])
async def test_names_are_percent_encoded(control: Control, echoing: Upstream, name: str) -> None:
    """A name of unusual characters is addressed percent-encoded."""
    from urllib.parse import quote  # noqa: PLC0415 - this test alone needs it

    await control.proxy(echoing.address, name=name)
    path = f"/proxies/{quote(name, safe='')}"
    shown = await control.get(path)

    assert shown["name"] == name
    assert (await control.call("DELETE", path)).status == 204


@pytest.mark.tx("TX-010")
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_offer_to_upgrade(control: Control, method: str) -> None:
    """A client that offers HTTP/2 with its request, as some do with every one, gets an ordinary answer."""
    offer = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABkAAQ"}
    body = b'{"name": "a"}' if method == "POST" else b""
    lines = [f"{method} /proxies HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in offer.items()]
    reply = await control.raw("\r\n".join((*lines, "", "")).encode() + body)

    assert reply.status == (400 if method == "POST" else 200)
    assert b"missing required field: upstream" in reply.body or method == "GET"


@pytest.mark.tx("TX-010")
@pytest.mark.parametrize("headers", ["Upgrade: h2c\r\n", "Upgrade: h2c\r\nConnection: keep-alive\r\n"])
async def test_half_an_offer_to_upgrade(control: Control, headers: str) -> None:
    """An offer that nobody has to see is ignored; each request on the connection gets its own answer."""
    request = f"POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{headers}\r\n{{}}".encode()
    other = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with await connect(control.address) as client:
        await client.send(request + other)
        received, _ = await client.to_the_end()

    assert received.startswith(b"HTTP/1.1 400 ")
    assert received.index(b"missing required field: name") < received.index(b"404 page not found")


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "Other/1.0"])
async def test_pages_under_a_name_of_their_own(embedded: Server, agent: str) -> None:
    """A page whose name means loopback for a browser is refused, whatever the browser calls itself."""
    request = f"GET /proxies HTTP/1.1\r\nHost: rebound.example.org\r\nUser-Agent: {agent}\r\n\r\n"
    reply = await embedded.control.raw(request.encode())

    assert reply.status == 403
    assert reply.body.endswith(b" not allowed\n" if agent.startswith("Mozilla") else b" without dots\n")


@pytest.mark.tx("TX-005")
async def test_kept_connections(control: Control) -> None:
    """Several requests can follow each other on one connection, also without waiting."""
    import asyncio  # noqa: PLC0415 - this test alone needs it

    host, _, port = control.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    one = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
    writer.write(one * 3)
    async with asyncio.timeout(5):
        for _ in range(3):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            await reader.readline()
    writer.close()
    await writer.wait_closed()
