"""The worker's entry: ``python -m heygen_desktop.infrastructure.inference.worker --life FD --niceness N``."""

from __future__ import annotations

import sys

from heygen_desktop.infrastructure.inference.worker.main import serve_standard_streams
from heygen_desktop.infrastructure.inference.worker.runtimes import runtime_for


def main() -> None:
    """Serve one program over the standard streams."""
    serve_standard_streams(sys.argv[1:], runtime_for)


if __name__ == "__main__":
    main()
