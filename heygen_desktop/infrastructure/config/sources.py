"""The three layers of settings that lie outside the database, each read in its own way.

None of them knows the schema: they return raw values by ``section.key``, and the resolver checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from heygen_desktop.domain.entities.environment import PARENTS, lineage
from heygen_desktop.domain.errors import ConfigurationError

ENVIRONMENTS = "environments"
PREFIX = "HEYGEN__"
MAX_BYTES = 1 << 20
_KEY = re.compile(r"[^.\s]+\.[^.\s]+")


class SettingsFile:
    """The layer ``file``: a TOML file whose tables are the sections.

    ``[environments.production.inference]`` wins over ``[inference]`` in production, and in staging
    too, which inherits from production, unless ``[environments.staging.inference]`` says otherwise.
    """

    layer = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def origin(self) -> str:
        """The path."""
        return str(self._path)

    def read(self, environment: str) -> Mapping[str, object]:
        """Return the values for the environment; none where there is no file.

        Raises:
            ConfigurationError: The file cannot be read, is no TOML (with line and reason), or holds
                something that is no setting.
        """
        document = self._document()
        special = self._special(document.pop(ENVIRONMENTS, {}))
        values = self._values(document)
        for name in reversed(lineage(environment)):
            values |= special.get(name, {})
        return values

    def _document(self) -> dict[str, object]:
        text = self._text()
        if not text:
            return {}
        import tomllib  # noqa: PLC0415  most homes have no such file

        try:
            return tomllib.loads(text)
        except ValueError as error:  # no TOML, or a number with more digits than Python reads
            raise self._error(f"{error}.") from error
        except RecursionError as error:
            raise self._error("Its values are nested too deeply.") from error

    def _text(self) -> str:
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._error(error.strerror or str(error)) from error
        if len(content) > MAX_BYTES:
            raise self._error(f"It is larger than {MAX_BYTES:,} bytes.")
        return self._decoded(content)

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")  # Windows editors like to write the mark
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self._error(f"Line {line} is not UTF-8 text.") from error

    def _special(self, tables: object) -> dict[str, dict[str, object]]:
        """Return the values by environment, all of them checked, asked for or not."""
        special: dict[str, dict[str, object]] = {}
        for name, table in self._table(ENVIRONMENTS, tables).items():
            where = f"{ENVIRONMENTS}.{name}"
            if name not in PARENTS:
                raise self._error(f"[{where}]: the environments are {', '.join(PARENTS)}.")
            special[name] = self._values(self._table(where, table), f"{where}.")
        return special

    def _values(self, document: Mapping[str, object], where: str = "") -> dict[str, object]:
        return {
            f"{section}.{key}": value
            for section, table in document.items()
            for key, value in self._table(f"{where}{section}", table).items()
        }

    def _table(self, name: str, value: object) -> dict[str, object]:
        if isinstance(value, dict):
            return value
        raise self._error(f"{name} must be a table: write [{name}] and its settings below.")

    def _error(self, reason: str) -> ConfigurationError:
        return ConfigurationError(self.origin, reason)


class ProcessVariables:
    """The layer ``process``: ``HEYGEN__SECTION__KEY`` is ``section.key``; case is ignored."""

    layer = "process"
    origin = "process variables HEYGEN__*"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def read(self, environment: str) -> Mapping[str, object]:
        """Return the texts of the variables, the same for every environment.

        Raises:
            ConfigurationError: A variable with the prefix names no setting, or two that differ
                only in case have different values.
        """
        values: dict[str, object] = {}
        for variable, text in self._environ.items():
            if variable.upper().startswith(PREFIX):
                key = self._key(variable)
                if values.get(key, text) != text:
                    raise self._error(f"{variable} is given twice, with different values.")
                values[key] = text
        return values

    def _key(self, variable: str) -> str:
        section, _, key = variable[len(PREFIX) :].lower().partition("__")
        if not section or not key:
            raise self._error(f"{variable[:80]} names no setting.")
        return f"{section}.{key}"

    def _error(self, reason: str) -> ConfigurationError:
        remedy = "Write HEYGEN__SECTION__KEY once for each setting, or remove the variable."
        return ConfigurationError(self.origin, reason, remedy=remedy)


class CommandLine:
    """The layer ``command line``: what was given with this one command."""

    layer = "command line"
    origin = "command line"

    def __init__(self, values: Mapping[str, str]) -> None:
        """Keep the values by ``section.key``."""
        self._values = dict(values)

    def read(self, environment: str) -> Mapping[str, object]:
        """Return the texts, the same for every environment.

        Raises:
            ConfigurationError: A key is not ``section.key``.
        """
        for key in self._values:
            if _KEY.fullmatch(key) is None:
                remedy = "Name the setting as section.key."
                raise ConfigurationError(self.origin, f"{key[:80]!r} is no key.", remedy=remedy)
        return dict(self._values)
