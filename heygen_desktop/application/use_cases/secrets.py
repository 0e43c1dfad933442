"""Set, list, reveal and delete secrets; their values live in the keyring or the vault only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.secrets import SecretStore, SecretStoreStatus
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.environment import checked_environment, lineage
from heygen_desktop.domain.entities.secret import Secret, with_values
from heygen_desktop.domain.errors import InvalidParameterError, SecretNotFoundError
from heygen_desktop.domain.events import SecretChanged
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.names import checked_name

MAX_SECRET_BYTES = 64 * 1024


@dataclass(frozen=True)
class DeletedSecret:
    """A secret that was deleted, with its value, for as long as it can be put back."""

    secret: Secret
    value: str = field(repr=False)


@dataclass(frozen=True)
class KeepSecrets:
    """The value goes to the store first, the register after: a name is listed only when it is kept.

    The register is the truth: a value that it does not list is none, and one that it lists is looked
    for only in the store that it names. No store is asked while a transaction is open.
    """

    units: UnitsOfWork
    store: SecretStore
    events: EventStream
    clock: Clock
    actor: Actor

    def status(self) -> SecretStoreStatus:
        """Return what keeps secrets on this machine. Never raises."""
        return self.store.status()

    def open_vault(self, passphrase: str) -> None:
        """Open the vault, or make it. Raises WrongPassphraseError, InvalidParameterError."""
        if not passphrase:
            raise InvalidParameterError("passphrase", "", "at least one character")
        self.store.open_vault(passphrase)

    def set(self, environment: str, name: str, value: str) -> Secret:
        """Keep a value under a name, and return what is listed of it.

        Raises:
            InvalidNameError, EnvironmentNotFoundError, SecretStoreError and its kinds
            InvalidParameterError: The value is empty, longer than 64 KiB, or no text.
        """
        checked_name("secret", name)
        if not 0 < _size_bytes(value) <= MAX_SECRET_BYTES:
            raise InvalidParameterError("the value", "(not shown)", "a text of 1 byte to 64 KiB")
        known = self._known(environment, name)
        store = self.store.set(environment, name, value, held_in=known.store if known else "")
        now = self.clock.now()
        created = known.created_at if known else now
        return self._list(Secret(name, environment, store, created, now, self.actor))

    def list(self, environment: str) -> Sequence[Secret]:
        """Return the secrets of an environment, by name, without their values."""
        with self.units(read_only=True) as unit:
            return unit.secrets.all(checked_environment(environment))

    def reveal(self, environment: str, name: str) -> str:
        """Return the value. Raises SecretNotFoundError, SecretStoreError and its kinds."""
        return self._value((environment,), name)

    def resolved(self, environment: str, key: str, text: str) -> str:
        """Return the text of a setting with the values of its ``${secret:name}``, for use at once.

        Settings hold, show and hand on the reference alone; what this returns is not kept anywhere.
        A secret is inherited as settings are.

        Args:
            key: The setting, as an error names it.

        Raises:
            SecretNotFoundError, SecretStoreError and its kinds
            InvalidNameError: A reference names nothing that could be a secret.
        """
        return with_values(text, lambda name: self._value(lineage(environment), name, key))

    def _value(self, environments: Sequence[str], name: str, wanted_by: str = "") -> str:
        """Return the value in the first of the environments that lists the secret."""
        listed = (known for each in environments if (known := self._known(each, name)))
        known = next(listed, None)
        if known is not None:
            value = self.store.get(known.environment, name, held_in=known.store)
            if value is not None:
                return value
        raise SecretNotFoundError(name, environments[0], wanted_by=wanted_by)

    def delete(self, environment: str, name: str) -> None:
        """Delete the value and its name. Raises SecretNotFoundError, SecretStoreError and its kinds."""
        known = self._known(environment, name)
        if known is None:
            raise SecretNotFoundError(name, environment)
        self.store.delete(environment, name, held_in=known.store)
        with self.units() as unit:
            unit.secrets.remove(name, environment)
            unit.commit()
        self.events.publish(SecretChanged(self.clock.now(), environment, name, deleted=True))

    def take(self, environment: str, name: str) -> DeletedSecret | None:
        """Delete as ``delete`` does, and return what ``put_back`` needs; None where no value was left."""
        known = self._known(environment, name)
        value = self.store.get(environment, name, held_in=known.store) if known else None
        self.delete(environment, name)
        return DeletedSecret(known, value) if known and value is not None else None

    def put_back(self, deleted: DeletedSecret) -> bool:
        """Keep a deleted secret again, and return whether; one set anew meanwhile is left as it is.

        Raises:
            SecretStoreError and its kinds
        """
        secret = deleted.secret
        if self._known(secret.environment, secret.name) is not None:
            return False
        store = self.store.set(secret.environment, secret.name, deleted.value)
        self._list(replace(secret, store=store))
        return True

    def _list(self, secret: Secret) -> Secret:
        with self.units() as unit:
            unit.secrets.save(secret)
            unit.commit()
        changed = SecretChanged(self.clock.now(), secret.environment, secret.name, deleted=False)
        self.events.publish(changed)
        return secret

    def _known(self, environment: str, name: str) -> Secret | None:
        with self.units(read_only=True) as unit:
            return unit.secrets.by_name(name, checked_environment(environment))


def _size_bytes(value: str) -> int:
    """The size as UTF-8, or 0 where it holds half a character: a terminal in another encoding."""
    try:
        return len(value.encode())
    except UnicodeEncodeError:
        return 0
