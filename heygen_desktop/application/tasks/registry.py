"""Every task that this version can run, in one explicit list."""

from __future__ import annotations

from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION

TASKS = Tasks((TEXT_GENERATION,))
