"""What is a secret, by name and by text."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.redaction.redactor import Redactor
from harness.redaction.rules import Matcher, RedactRules, luhn
from harness.redaction.tokens import TOKEN, Tokens
from harness.settings import settings_from

KEY = b"k" * 32


def redactor(rules: RedactRules | None = None) -> Redactor:
    """One with a key that is always the same."""
    return Redactor(rules or RedactRules(), Tokens(KEY))


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "proxy-authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "apiKey",
        "API_KEY",
        "password",
        "userPassword",
        "db.password",
        "client_secret",
        "aws_secret_access_key",
        "refresh_token",
        "cardNumber",
        "cvv",
    ],
)
def test_names_of_secrets(name: str) -> None:
    """However they are spelled."""
    assert Matcher(RedactRules()).named(name)


@pytest.mark.parametrize("name", ["token", "key", "id", "author", "passenger", "secretary", "card", "workflow_id"])
def test_other_names(name: str) -> None:
    """A token of an exploration and an idempotency key are evidence."""
    assert not Matcher(RedactRules()).named(name)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=hunter22", "hunter22"),
        ('{"password": "hunter 22"}', "hunter 22"),
        (r"{\"password\": \"hunter33\"}", "hunter33"),
        ("Login(user='ada', password='s3cr3t!!')", "s3cr3t!!"),
        ("Authorization: Bearer abcdef12345", "abcdef12345"),
        ("it sent Bearer abcdef12345 to", "abcdef12345"),
        ("headers={'Cookie': 'a=b; c=d'}", "a=b; c=d"),
        ("Cookie: a=b; c=d", "c=d"),
        ("run --api-key sk12345 now", "sk12345"),
        ("card 4111 1111 1111 1111 was", "4111 1111 1111 1111"),
        ("order-4111111111111111", "4111111111111111"),
        ("amex 3782-822463-10005", "3782-822463-10005"),
        ("https://u:pw12@host/x", "pw12"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912E7710c838347Ae178B4a"),
        ("x eyJhbGciOi.eyJzdWIiOi.SflKxwRJSMe y", "eyJzdWIiOi"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "abc"),
        ("body={'password': 'hunter2-very-lo…", "hunter2-very-lo"),
    ],
)
def test_secrets_in_texts(text: str, secret: str) -> None:
    """They are replaced, and what is around them stays."""
    shown = redactor().text(text)

    assert secret not in shown
    assert "redacted:" in shown
    assert redactor().text(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "password: null",
        "the password is wrong",
        "a password:\nnext line",
        "4111111111111112 is no card",
        "at 1764380000000000001 ns",
        "Basic functionality",
        "flights.book#2",
        "http://127.0.0.1:8080/x",
        "trip-1:car:1",
        "result: compensated is ['hotel', 'car'], expected ['flight']",
        "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    ],
)
def test_other_texts_stay(text: str) -> None:
    """What findings and ids look like."""
    assert redactor().text(text) == text


def test_the_check_sum_of_cards() -> None:
    """One digit in ten is right by chance."""
    assert luhn("4111 1111 1111 1111")
    assert not luhn("4111 1111 1111 1112")


def test_a_value_keeps_its_kind() -> None:
    """Equal ones stay equal, and numbers, flags and dates are what they were."""
    given = {"password": {"a": [1, 1, 2, "x", "x", None, True, "2026-11-22", 1.5]}, "n": 1}
    found: list[tuple[str | int, ...]] = []
    value = redactor().value(given, found=found)
    a = value["password"]["a"]

    assert a[0] == a[1] != a[2]
    assert a[3] == a[4]
    assert TOKEN.fullmatch(a[3])
    assert (a[5], a[6], a[7], type(a[8]), value["n"]) == (None, True, "1970-01-01", float, 1)
    assert ("password", "a", 3) in found


def test_a_secret_is_one_everywhere() -> None:
    """Once it was met under its name: as it is, escaped, in base64, and with its end cut off."""
    one = redactor()
    one.value({"api_key": 'kéy"12345'})
    texts = ['kéy"12345', r"k\u00e9y\"12345", "azXhunter", "a k%C3%A9y%2212345", 'it was kéy"12…']

    assert [one.text(text) for text in texts if "redacted:" not in one.text(text)] == ["azXhunter"]
    assert redactor().text(texts[0]) == texts[0]


def test_the_json_form_of_a_payload_is_looked_into() -> None:
    """Its data are in base64."""
    data = {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "eyJwYXNzd29yZCI6ICJodW50ZXIyMiJ9"}
    shown = redactor().value({"input": {"payloads": [data]}})["input"]["payloads"][0]

    assert shown["data"] != data["data"]
    assert shown["metadata"] == data["metadata"]


def test_settings() -> None:
    """All problems at once; the defaults are in force unless they are turned off."""
    settings = settings_from({"redact": {"names": ["x-internal-*"], "keep": ["password_hint"]}}, where="harness.toml")
    matcher = Matcher(settings.redact)

    assert matcher.named("X_Internal_Id")
    assert matcher.named("password")
    assert not Matcher(RedactRules(names=("password*",), keep=("password_hint",))).named("passwordHint")
    assert not Matcher(RedactRules(defaults=False)).named("password")
    with pytest.raises(ValidationError, match="not a regular expression"):
        RedactRules(patterns=("(",))
    with pytest.raises(ValidationError, match="matches everywhere"):
        RedactRules(patterns=(".*",))


def test_large_texts_are_looked_through_in_seconds() -> None:
    """A body may be large, and made to be slow: neither names nor quotes nor backslashes make it so."""
    for part in ("x", 'a"', "password", "a: b, ", "4", "\\", "a.b-c_", "'"):
        redactor().text(part * (500_000 // len(part)))
        redactor().text("password=x1 " + part * (500_000 // len(part)))
    for text in (
        'password:"' + "\\" * 100_000,
        "-----BEGIN PRIVATE KEY-----" * 2_000,
        'password:"x' * 20_000,
        "://" * 100_000,
    ):
        redactor().text(text)
