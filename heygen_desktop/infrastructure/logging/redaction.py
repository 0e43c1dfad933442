"""Secrets leave every line before it reaches the disk, by their look and by their value.

Looking for secrets with regular expressions costs ten times what writing a line costs, so a line is
first searched for a few literals (``suspects``); only a hit goes through the rules. The literals are
chosen such that no rule can match a line that holds none of them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from urllib.parse import quote

import orjson

from heygen_desktop.domain.entities.run import Json

MASK = "***"
SHORTEST_KNOWN_VALUE = 4
"""Shorter values would blank out ordinary words."""

# Broad and few, because each costs a tenth of a microsecond in every line ...
_LITERALS = (
    *(b"k-", b"k_", b"hf_", b"aiza", b"akia", b"asia", b"xox", b"gh", b"nvapi-", b"eyj", b"key"),
    *(b"token", b"pass", b"pwd", b"secret", b"authoriz", b"bearer", b"cookie", b"credential"),
    *(b"basic", b"://"),
)
# ... and narrower, for the lines that hold one of them.
_BEGINNINGS = re.compile(
    rb"[spr]k[-_]|hf_|a(?:iza|kia|sia|uthoriz)|xox|gh[pousr]_|github_pat|nvapi-|eyj|key|token"
    rb"|passw|passphrase|pwd|secret|b(?:earer|asic)|c(?:ookie|redential)|://"
)
_WORDS = (
    r"(?:api[_-]?key|access[_-]?key|private[_-]?key|token|passw(?:or)?d|passphrase|pwd|secret"
    r"|credentials?)"
)
_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\])]+)"""
_SECRET_KEYS = (
    *("token", "password", "passwd", "passphrase", "pwd", "secret", "apikey", "api_key", "api-key"),
    *("access_key", "accesskey", "private_key", "privatekey", "authorization", "cookie"),
    *("credential", "credentials"),
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)",
            re.DOTALL,
        ),
        MASK,
    ),
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(['\"]?\s{0,9}[:=]\s{0,9}['\"]?)[^\r\n'\"]+"
        ),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,9}[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    (
        re.compile(
            r"\b(?:(?:sk|pk|rk)-[\w-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{10,}|hf_[A-Za-z0-9]{16,}"
            r"|AIza[\w-]{30,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[a-z]-[\w-]{10,}"
            r"|(?:AKIA|ASIA)[0-9A-Z]{16}\b|nvapi-[\w-]{20,}|eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*)"
        ),
        MASK,
    ),
    # ${secret:name} is a reference, not a secret, and stays readable.
    (
        re.compile(
            rf"(?i)(?<!\$\{{)\b([\w.-]{{0,40}}?{_WORDS}['\"]?\s{{0,9}}[=:]\s{{0,9}})(?!\*\*\*){_VALUE}"
        ),
        rf"\1{MASK}",
    ),
    (re.compile(rf"(?i)(--[\w-]{{0,40}}?{_WORDS}\s{{1,9}}){_VALUE}"), rf"\1{MASK}"),
    (re.compile(r"(\w{1,20}://[^/\s:@]{0,100}:)[^@\s/]{1,300}@"), rf"\1{MASK}@"),
)


class Redactor:
    """Knows what a secret looks like, and the values it was told. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: tuple[str, ...] = ()
        self._encoded_values: tuple[bytes, ...] = ()

    def add_known_value(self, value: str) -> None:
        """Redact this very value from now on, wherever it stands.

        A value under 4 characters is not taken: it would blank out ordinary text, and so tell where
        it stands in every word that holds it.
        """
        if len(value) < SHORTEST_KNOWN_VALUE:
            return
        forms = {value, quote(value, safe=""), repr(value)[1:-1]}
        with self._lock:
            merged = sorted({*self._values, *forms}, key=len, reverse=True)
            self._values = tuple(merged)
            self._encoded_values = tuple(_as_in_a_line(each) for each in merged)

    def suspects(self, line: bytes) -> bool:
        """Whether the encoded line may hold a secret; False is certain, True is a guess."""
        lowered = line.lower()
        for literal in _LITERALS:
            if literal in lowered:
                return bool(_BEGINNINGS.search(lowered)) or self._holds_known_value(line)
        return self._holds_known_value(line)

    def _holds_known_value(self, line: bytes) -> bool:
        return any(value in line for value in self._encoded_values)

    def text(self, text: str) -> str:
        """Return the text with each secret replaced by ``***``."""
        for value in self._values:
            text = text.replace(value, MASK)
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        return text

    def value(self, value: Json) -> Json:
        """Return the value with the secrets in its texts, and under telling keys, replaced."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return self.mapping(value)
        return value

    def mapping(self, mapping: Mapping[str, Json]) -> dict[str, Json]:
        """Return the mapping redacted; ``token`` is a telling key, ``tokens`` is a figure."""
        return {
            self.text(key): MASK if _is_secret(key, value) else self.value(value)
            for key, value in mapping.items()
        }


def _is_secret(key: str, value: Json) -> bool:
    is_figure = value is None or isinstance(value, bool | int | float)
    return not is_figure and key.lower().endswith(_SECRET_KEYS)


def _as_in_a_line(text: str) -> bytes:
    """Return the bytes by which a JSON line holds this text."""
    return orjson.dumps(text.encode("utf-8", "replace").decode())[1:-1]
