"""What counts as a secret, and what must stay readable."""

from __future__ import annotations

import time

import orjson
import pytest
from heygen_desktop.infrastructure.logging.redaction import Redactor

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
def test_a_secret_is_replaced_and_seen_coming(text: str) -> None:
    redactor = Redactor()

    redacted = redactor.text(f"before {text} after")

    assert "***" in redacted
    for word in ("abcdefgh", "ABCDEFGH", "dXNlcjpwYXNz", "abc.def"):
        assert word not in redacted
    assert redacted.startswith("before ")
    assert redactor.suspects(orjson.dumps({"message": text}))


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_plain_line_is_no_suspect() -> None:
    line = b'{"message":"Run started","extra":{"model":"tiny","load_s":1.5}}'

    assert not Redactor().suspects(line)


def test_a_line_that_only_begins_like_a_secret_is_no_suspect() -> None:
    assert not Redactor().suspects(b'{"message":"a high bench of passing ghosts"}')


def test_a_known_value_is_replaced_wherever_it_stands() -> None:
    redactor = Redactor()
    redactor.add_known_value('my "dog"')

    assert redactor.text('I have my "dog" here') == "I have *** here"
    assert redactor.text("?q=my%20%22dog%22") == "?q=***"
    assert redactor.suspects(orjson.dumps({"message": 'so my "dog" barks'}))


def test_the_longer_of_two_known_values_goes_first() -> None:
    redactor = Redactor()
    redactor.add_known_value("blue")
    redactor.add_known_value("blueberry")

    assert redactor.text("a blueberry") == "a ***"


def test_a_known_value_that_would_blank_ordinary_words_is_not_taken() -> None:
    redactor = Redactor()
    redactor.add_known_value("run")
    redactor.add_known_value("runs")

    assert redactor.text("the run runs") == "the run ***"


def test_a_telling_key_hides_its_value_but_no_figure() -> None:
    redacted = Redactor().mapping(
        {"token": "abc", "hf_token": ["a"], "max_tokens": 5, "token_count": "7", "password": None}
    )

    assert redacted == {
        "token": "***",
        "hf_token": "***",
        "max_tokens": 5,
        "token_count": "7",
        "password": None,
    }


def test_secrets_are_found_in_nested_values() -> None:
    redacted = Redactor().value({"a": [{"b": "token=abcdefgh"}, 1]})

    assert redacted == {"a": [{"b": "token=***"}, 1]}


@pytest.mark.parametrize("text", ["a-" * 30_000, "token" * 12_000, "x" * 60_000, "://" * 20_000])
def test_hostile_text_costs_no_more_than_a_moment(text: str) -> None:
    started = time.monotonic()

    Redactor().text(text)

    assert time.monotonic() - started < 2.0
