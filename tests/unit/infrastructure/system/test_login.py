"""Who the operating system says we are."""

from __future__ import annotations

import getpass
import os
import sys

import pytest
from heygen_desktop.infrastructure.system.processes import login_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="accounts are numbers on POSIX")


def test_a_variable_does_not_make_somebody_else_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    before = login_name()

    monkeypatch.setenv("LOGNAME", "darcy")

    assert getpass.getuser() == "darcy"
    assert login_name() == before


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)

    assert login_name() == str(2**31 - 7)
