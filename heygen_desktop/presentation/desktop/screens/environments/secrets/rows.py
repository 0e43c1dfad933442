"""What is shown of the store of secrets, and said of a passphrase."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.secrets import VAULT, SecretStoreStatus
from heygen_desktop.presentation.desktop.wording import counted

GOOD_LENGTH = 12
"""From so many characters on a passphrase is no longer called short."""


@dataclass(frozen=True)
class StoreRow:
    """Which store keeps secrets, and what it takes to use it."""

    name: str
    is_ready: bool
    sentence: str
    """What the status line says."""
    problem: str = ""
    remedy: str = ""
    opens: str = ""
    """``Open the vault`` or ``Make a vault`` where a passphrase would help, else empty."""
    is_new: bool = False
    """Whether the passphrase makes the vault, and so must be typed twice."""
    busy: str = ""
    """What the store does now; nothing can be typed meanwhile."""
    wrong: str = ""
    """Why the vault did not open, told once; what was typed stays."""


_MAKE_A_VAULT = (
    "Choose a passphrase here: secrets are then kept in an encrypted file in the data folder. "
    "Or install and unlock a keyring such as gnome-keyring, and try again."
)

_NO_PLACE = "Secrets have no place to be kept in yet."
_NOT_NOW = "Secrets cannot be kept or read right now."

_TYPE_IT = "Type its passphrase to use what is in it."

_CLOSED_VAULT = (
    "Some of these secrets are kept in the vault, which is closed.",
    "Open it with its passphrase to reveal, copy or delete them.",
    "Open the vault",
)

ASKING = StoreRow("", False, "Looking for the keyring…")


def store_row(status: SecretStoreStatus | None, *, needs_vault: bool = False) -> StoreRow:
    """Return what is said of the store.

    Args:
        status: None before it answered for the first time.
        needs_vault: Whether a secret of this environment lies in the vault.
    """
    if status is None:
        return ASKING
    if status.is_ready:
        place = "an encrypted file" if status.name == VAULT else "the keyring of this system"
        is_closed = needs_vault and status.can_open_vault
        return StoreRow(
            status.name,
            True,
            f"Values are kept in {place}, never in settings files.",
            *(_CLOSED_VAULT if is_closed else ()),
        )
    opens = ""
    is_missing = status.name == "none"
    is_new = status.can_open_vault and not status.vault_exists
    if status.can_open_vault:
        opens = "Open the vault" if status.vault_exists else "Make a vault"
    return StoreRow(
        name="" if is_missing else status.name,
        is_ready=False,
        sentence=_NO_PLACE if is_missing and opens else _NOT_NOW,
        problem=status.problem,
        remedy=_MAKE_A_VAULT if is_new else _TYPE_IT if opens else status.remedy,
        opens=opens,
        is_new=is_new,
    )


def passphrase_hint(passphrase: str, repeated: str) -> str:
    """Return what a new passphrase is worth, and what is still to be done with it."""
    if not passphrase:
        return f"{GOOD_LENGTH} characters or more. It cannot be recovered when it is lost."
    if repeated and repeated != passphrase:
        return "The two are not the same yet."
    length = counted(len(passphrase), "character")
    if len(passphrase) < GOOD_LENGTH:
        worth = f"{length}: short. {GOOD_LENGTH} or more are hard to guess."
    else:
        worth = f"{length}: good, if others do not know the phrase."
    return worth if repeated else f"{worth} Type it once more."
