"""Moments sort as text, and a document is an object."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from heygen_desktop.infrastructure.database.encoding import decoded, moment_text


def test_moments_of_any_zone_sort_as_text() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    later = datetime(2026, 3, 1, 11, 0, 0, 1, tzinfo=timezone(-timedelta(hours=2)))

    assert moment_text(noon) == "2026-03-01T12:00:00.000000+00:00"
    assert moment_text(noon) < moment_text(later)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_text(datetime(2026, 3, 1))


def test_a_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match="object"):
        decoded("[1]")
