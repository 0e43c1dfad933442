"""Secrets cannot be kept or read right now."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class SecretStoreError(HeyGenError):
    """Secrets cannot be kept or read right now."""

    code = "secret_store_error"


class NoSecretStoreError(SecretStoreError):
    """No OS keyring, and no vault has been opened."""

    code = "no_secret_store"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "This machine has no OS keyring to keep secrets in.",
            cause=reason,
            remedy="Set a vault passphrase (HEYGEN_VAULT_PASSPHRASE_FILE, or when asked), or install "
            "and unlock a keyring such as gnome-keyring.",
            details={"reason": reason},
        )


class SecretStoreLockedError(SecretStoreError):
    """The keyring is there but locked."""

    code = "secret_store_locked"

    def __init__(self, store: str) -> None:
        super().__init__(
            f"The {store} is locked.",
            cause="It was not unlocked, or the request to unlock it was dismissed.",
            remedy="Unlock it and try again; nothing was changed.",
            details={"store": store},
        )


class SecretStoreTimeoutError(SecretStoreError):
    """The keyring did not answer in time."""

    code = "secret_store_timeout"

    def __init__(self, store: str, waited_s: float) -> None:
        super().__init__(
            f"The {store} did not answer within {waited_s:.0f} s.",
            cause="It may be waiting behind a dialog, or its service hangs.",
            remedy="Look for an open keyring dialog, then try again; nothing was changed.",
            details={"store": store, "waited_s": waited_s},
        )


class WrongPassphraseError(SecretStoreError):
    """The vault does not open with that passphrase."""

    code = "wrong_passphrase"

    def __init__(self) -> None:
        super().__init__(
            "The vault does not open with that passphrase.",
            cause="The passphrase is wrong, or the vault file was changed from outside.",
            remedy="Type the passphrase again. Without it the vault cannot be opened by anyone.",
        )
