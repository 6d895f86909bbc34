"""Bodies are read with Go's leniency and written in Go's form."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.embedded_toxiproxy.go_json import BadBody, Fields, decode, encode

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_round_trip(value: Any) -> None:
    """What is written is read again."""
    assert decode(encode(value)) == value


@given(st.binary(max_size=40))
def test_any_bytes(body: bytes) -> None:
    """Any body is read, or refused in words."""
    with contextlib.suppress(BadBody):
        encode(decode(body))


def test_escapes() -> None:
    """What HTML would misread is escaped; other characters are not."""
    assert encode("<a>&ü\u2028") == '"\\u003ca\\u003e\\u0026ü\\u2028"'.encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "EOF"),
        (b"\n", "EOF"),
        (b"{", "unexpected EOF"),
        (b'{"a', "unexpected EOF"),
        (b'{"a": fal', "unexpected EOF"),
        (b'{"a": -', "unexpected EOF"),
        (b"x", "invalid character 'x' in the body"),
        (b"NaN", "invalid character 'N' looking for beginning of value"),
    ],
)
def test_messages(body: bytes, message: str) -> None:
    """What is cut and what is wrong are told apart."""
    with pytest.raises(BadBody) as raised:
        decode(body)
    assert str(raised.value) == message


def test_too_much() -> None:
    """Numbers and nestings without end are refused."""
    for body in (b"9" * 10_000, b"[" * 200_000):
        with pytest.raises(BadBody):
            decode(body)


def test_fields() -> None:
    """Keys are found in any case, null is absent, the last of several wins."""
    given_fields = Fields(json.loads('{"Name": "a", "nAmE": "b", "enabled": null, "port": 5}'))

    assert given_fields.text("name", "") == "b"
    assert given_fields.truth("enabled", default=True) is True
    assert given_fields.integer("port", 0) == 5
    assert given_fields.any("missing") is None


@pytest.mark.parametrize("value", [[], "x", 5, True])
def test_no_object(value: Any) -> None:
    """Fields come from an object."""
    with pytest.raises(BadBody, match="cannot unmarshal"):
        Fields(value)


@pytest.mark.parametrize("value", [True, 1.0, "1", 2**63, [], {}])
def test_no_integer(value: Any) -> None:
    """Integers are integers of 64 bits."""
    with pytest.raises(BadBody, match="int64"):
        Fields({"a": value}).integer("a", 0)


@pytest.mark.parametrize(
    ("value", "stored"), [(0.1, 0.1), (0.123456789, 0.12345679), (2, 2), (-1.5, -1.5), (16777217, 16777216)]
)
def test_single_precision(value: float, stored: float) -> None:
    """Floats keep what single precision keeps."""
    assert Fields({"a": value}).float32("a", 1) == stored


@pytest.mark.parametrize("body", [b"1e39", b"-1e39", b"1e999", b"1" + b"0" * 400])
def test_beyond_single_precision(body: bytes) -> None:
    """Larger floats are refused."""
    with pytest.raises(BadBody, match="float32"):
        Fields({"a": decode(body)}).float32("a", 1)


def test_lone_surrogates() -> None:
    """A name that is no text becomes one."""
    assert Fields({"name": "\ud800a"}).text("name", "") == "\ufffda"
