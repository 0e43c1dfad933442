"""What counts as a secret, and what must stay readable."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import quote, quote_plus

import pytest
from heygen_desktop.infrastructure.logging.redaction import Redactor, tells

SECRETS = [
    "Authorization: Bearer abc.def-ghi",
    "authorization: Basic dXNlcjpwYXNz",
    "{'Authorization': 'Bearer abcdefgh'}",
    "Cookie: session=abcdefgh12345678; other=abcdefgh",
    "x-api-key: abcdefgh12345678",
    "api_key=abcdefgh12345678",
    "OPENAI_API_KEY = abcdefgh12345678",
    '"password": "abcdefgh with spaces"',
    "passphrase='abcdefgh'",
    "pwd:abcdefgh",
    "client_secret=abcdefgh&next=1",
    "--token abcdefgh",
    "--vault-passphrase=abcdefgh",
    "sk-abcdefghijklmnop1234",
    "sk-proj-abcdefghijklmnop_1234",
    "pk-abcdefghijklmnop1234",
    "sk_live_abcdefghijklmnop",
    "hf_abcdefghijklmnopqrst",
    "AIza" + "abcdefgh" * 5,
    "ghp_" + "abcdefgh" * 5,
    "github_pat_" + "abcdefgh" * 5,
    "xoxb-abcdefgh-12345678",
    "AKIAABCDEFGHIJKLMNOP",
    "ASIAABCDEFGHIJKLMNOP",
    "nvapi-" + "abcdefgh" * 5,
    "eyJabcdefgh.eyJabcdefgh.abcdefgh",
    "-----BEGIN RSA PRIVATE KEY-----\nabcdefgh\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nabcdefgh cut short",
    "postgresql://me:abcdefgh@host/db",
]
HARMLESS = [
    "tokens=128 tokens_per_second: 33.5 max_tokens=64",
    "the disk-usage of task-12 is fine",
    "${secret:openai} is referred to",
    "keyboard, monkey and turkey",
    "the secret was set",
    "http://127.0.0.1:4394/health",
    "ratio 10:30 of the basic plan",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_replaced(text: str) -> None:
    redactor = Redactor()

    redacted = redactor.text(f"before {text} after")

    assert "***" in redacted
    for word in ("abcdefgh", "ABCDEFGH", "dXNlcjpwYXNz", "abc.def"):
        assert word not in redacted
    assert redacted.startswith("before ")


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_text_that_was_harmless_is_looked_at_again_for_a_new_secret() -> None:
    redactor = Redactor()
    before = redactor.text("it is swordfish")

    redactor.add_known_value("swordfish")

    assert (before, redactor.text("it is swordfish")) == ("it is swordfish", "it is ***")


def test_any_number_of_words_is_looked_at() -> None:
    redactor = Redactor()

    assert all(redactor.text(f"word {number}") == f"word {number}" for number in range(10_000))
    assert redactor.text("token=abcdefgh") == "token=***"


def test_a_known_value_is_replaced_wherever_it_stands() -> None:
    redactor = Redactor()
    redactor.add_known_value('my "dog"')

    assert redactor.text('I have my "dog" here') == "I have *** here"


@pytest.mark.parametrize("value", ['my "dog"', "söme/thing+else", "C:\\keys\tmine", "abcdefgh"])
def test_a_known_value_is_known_however_it_was_written(value: str) -> None:
    redactor = Redactor()
    redactor.add_known_value(value)
    written = [
        *(value, repr(value), json.dumps(value), json.dumps(value, ensure_ascii=False)),
        *(quote(value), quote(value, safe=""), quote_plus(value)),
    ]
    encoded = [
        encode(before + value.encode() + b"after").decode()
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
        for before in (b"", b"u", b"u:", b"us:", b"use:")
    ]

    for text in (*written, *encoded):
        assert "***" in redactor.text(text), text
        assert value not in redactor.text(text)


def test_a_value_that_utf8_cannot_hold_is_taken() -> None:
    redactor = Redactor()
    redactor.add_known_value("abc\ud800def")

    assert redactor.text("it is abc?def") == "it is ***"


def test_a_value_with_a_line_end_is_known_without_it_too() -> None:
    redactor = Redactor()
    redactor.add_known_value("swordfish\n")

    assert redactor.text("say swordfish") == "say ***"


def test_no_value_is_nothing_to_look_for() -> None:
    redactor = Redactor()
    redactor.add_known_value("")

    assert redactor.text("text") == "text"


def test_the_longer_of_two_known_values_goes_first() -> None:
    redactor = Redactor()
    redactor.add_known_value("blue")
    redactor.add_known_value("blueberry")

    assert redactor.text("a blueberry") == "a ***"


@pytest.mark.parametrize(
    ("value", "text", "redacted"),
    [
        ("a", "a path at a place", "*** path at *** place"),
        ("run", "the run runs", "the *** runs"),
        ("é", "é, été", "***, été"),
        ("runs", "the run runs reruns", "the run *** re***"),
    ],
)
def test_a_value_of_up_to_three_characters_is_replaced_as_a_word_of_its_own(
    value: str, text: str, redacted: str
) -> None:
    redactor = Redactor()
    redactor.add_known_value(value)

    assert redactor.text(text) == redacted


@pytest.mark.parametrize("key", ["token", "hf_token", "API_KEY", "Password", "authorization"])
def test_a_key_tells_of_a_secret(key: str) -> None:
    assert tells(key)


@pytest.mark.parametrize("key", ["tokens", "max_tokens", "token_count", "keyboard", "message"])
def test_a_key_that_only_resembles_one_tells_nothing(key: str) -> None:
    assert not tells(key)


@pytest.mark.parametrize("text", ["a-" * 30_000, "token" * 12_000, "x" * 60_000, "://" * 20_000])
def test_hostile_text_costs_no_more_than_a_moment(text: str) -> None:
    started = time.monotonic()

    Redactor().text(text)

    assert time.monotonic() - started < 2.0
