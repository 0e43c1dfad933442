"""``python -m tests.integration.secrets.locked_meanwhile FOLDER``: sets secrets while the keyring is locked.

Under ``tests/secret_service.sh``. Prints where each secret went, and their values once it is unlocked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import secretstorage
from heygen_desktop.application.use_cases.secrets import KeepSecrets
from heygen_desktop.domain.errors import SecretStoreLockedError
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.store import Secrets
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

from tests.factories.parts import THE_OWNER
from tests.factories.secrets import vault_store
from tests.fakes.clock import FakeClock
from tests.fakes.events import RecordingEventStream
from tests.fakes.unit_of_work import FakeUnitsOfWork

SERVICE = "/org/freedesktop/secrets"
INSIDE = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"


def main(folder: Path) -> None:
    """Set one secret before and two while the keyring is locked."""
    store = Secrets(
        KeyringStore("heygen-desktop-test"), vault_store(folder), passphrase=lambda: "given"
    )
    secrets = KeepSecrets(FakeUnitsOfWork(), store, RecordingEventStream(), FakeClock(), THE_OWNER)
    connection = secretstorage.dbus_init()
    keyring = secretstorage.get_default_collection(connection)
    print(secrets.set("testing", "token", "old").store)
    keyring.lock()
    try:
        secrets.set("testing", "token", "new")
    except SecretStoreLockedError as error:
        print(type(error).__name__)
    print(secrets.set("testing", "other", "kept while locked").store)
    password = os.environ["HEYGEN_TEST_KEYRING_PASSWORD"].encode()
    sealed = format_secret(open_session(connection), password, "text/plain")
    DBusAddressWrapper(SERVICE, INSIDE, connection).call(
        "UnlockWithMasterPassword", "o(oayays)", keyring.collection_path, sealed
    )
    print(secrets.reveal("testing", "token"))
    print(secrets.reveal("testing", "other"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
