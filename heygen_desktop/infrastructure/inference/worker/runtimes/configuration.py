"""A model's config.json, read as plain data and stripped of what could make a library run code.

Older releases of the library let keys of this file override ``trust_remote_code=False`` or choose
code by name. The user's file is never changed; the model is built from the stripped copy.
"""

from __future__ import annotations

import json
from pathlib import Path

from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.inference.worker.runtime import Refused

_LARGEST_BYTES = 4 * 1024 * 1024
_DANGEROUS = frozenset(
    {
        "attn_implementation",
        "auto_map",
        "code_revision",
        "custom_generate",
        "custom_pipelines",
        "experts_implementation",
        "kernel_config",
        "name_or_path",
        "transformers_version",
        "trust_remote_code",
        "use_kernels",
    }
)


def read_configuration(folder: Path) -> dict[str, Json]:
    """Return the safe part of ``config.json``.

    Raises:
        Refused: It is missing, too large, or no JSON object.
    """
    file = folder / "config.json"
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise Refused(f"config.json has more than {_LARGEST_BYTES:,} bytes.")
        raw = json.loads(file.read_bytes())
    except OSError as error:
        raise Refused(f"config.json cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"config.json is not valid JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise Refused("config.json holds no object.")
    return _strip(raw)


def _strip(configuration: dict[str, Json]) -> dict[str, Json]:
    return {
        key: _strip_value(value)
        for key, value in configuration.items()
        if not key.startswith("_") and key not in _DANGEROUS
    }


def _strip_value(value: Json) -> Json:
    if isinstance(value, dict):
        return _strip(value)
    if isinstance(value, list):
        return [_strip_value(entry) for entry in value]
    return value
