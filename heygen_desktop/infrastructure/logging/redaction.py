"""Secrets leave every text before it reaches the disk, by their look and by their value.

The rules cost ten times what writing a line costs, so a text is first searched for what secrets begin
with; only a hit goes through the rules, and no rule can match a text in which that search finds nothing. A
line is never rewritten: its texts are, one by one and before they become one, so that no secret, whatever it
is, can eat what holds a line together.
"""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from json import dumps
from urllib.parse import quote, quote_plus

MASK = "***"
LONGEST_WHOLE_WORD = 3
"""A known value of up to so many characters is replaced only where it stands as a word of its own."""

_LONGEST_WORD = 64
_MOST_WORDS = 4096
# What every match of a rule below begins with or holds, in lower case: cheap to look for, and seldom there.
# A telling word is one only where it ends: "tokens" and "keyboard" are none.
_BEGINNINGS = re.compile(
    r"(?:key|token|passw(?:or)?d|passphrase|pwd|secret|credentials?|authorization|cookie)(?![a-z_])"
    r"|[spr]k[-_]|hf_|a(?:iza|kia|sia)|xox|gh[pousr]_|github_pat|nvapi-|eyj|b(?:earer|asic)\s|://"
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
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None
        self.harmless: set[str] = set()
        """Short texts without a secret: names of models, tasks and messages come again and again."""

    def add_known_value(self, value: str) -> None:
        """Redact this very value from now on, also as JSON, Python, a URL or base64 writes it.

        A value of 1 to 3 characters is replaced where it stands as a word of its own: anywhere else it
        would blank out ordinary text, and so tell where it stands in every word that holds it.
        """
        forms = _forms(clean(value)) | _forms(clean(value).strip())
        with self._lock:
            if forms <= self._forms:
                return
            longest_first = sorted(self._forms | forms, key=len, reverse=True)
            self._known = re.compile("|".join(map(_pattern, longest_first)))
            self._forms |= forms  # who finds a form in a text looks for it with the pattern
            self.harmless = set()  # last: what is judged meanwhile goes into the old one

    def text(self, text: str) -> str:
        """Return the text with each secret replaced by ``***``."""
        harmless = self.harmless
        if text in harmless:
            return text
        redacted = text
        if self._known is not None and any(form in text for form in self._forms):
            redacted = self._known.sub(MASK, text)
        if _BEGINNINGS.search(redacted.casefold()):
            for pattern, replacement in _RULES:
                redacted = pattern.sub(replacement, redacted)
        if redacted == text and len(text) <= _LONGEST_WORD:
            if len(harmless) >= _MOST_WORDS:
                harmless.clear()
            harmless.add(text)
        return redacted


@lru_cache(maxsize=1024)
def tells(key: str) -> bool:
    """Whether what stands under the key is a secret, unless it is a figure: token is one, tokens is none."""
    return key.lower().endswith(_SECRET_KEYS)


def _forms(value: str) -> frozenset[str]:
    """Return the ways in which texts hold the value."""
    written = {value, repr(value)[1:-1], dumps(value)[1:-1], dumps(value, ensure_ascii=False)[1:-1]}
    if len(value) > LONGEST_WHOLE_WORD:
        written |= {quote(value), quote(value, safe=""), quote_plus(value)}
        written |= set(_in_base64(value.encode()))
    return frozenset(written - {""})


def _in_base64(value: bytes) -> Iterator[str]:
    """Yield what base64 makes of it at each place of a longer text, without what neighbours change."""
    for before, changed in ((0, 0), (1, 2), (2, 3)):
        settled = (before + len(value)) * 8 // 6
        for others in (b"+/", b"-_"):
            yield b64encode(bytes(before) + value, others)[changed:settled].decode()


def _pattern(form: str) -> str:
    """Return the pattern of a form; base64 and URL forms are never as short as a word."""
    escaped = re.escape(form)
    return escaped if len(form) > LONGEST_WHOLE_WORD else rf"(?<!\w){escaped}(?!\w)"


def clean(text: str) -> str:
    """Return text that UTF-8 can hold; a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
