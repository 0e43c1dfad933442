"""Let the tests import the scripts of the starter model, which lie outside the package."""

from __future__ import annotations

import sys
from pathlib import Path

_SCRIPTS = Path(__file__).resolve().parents[3] / "packaging" / "starter_model"

sys.path.append(str(_SCRIPTS))
