"""A model field whose value lies encrypted in the database.

Lives here: `SealedTextField`, a text sealed for one, and opening one that a function of the database gave.
Not here: the sealing itself (`secrets.py`) and the look-up columns beside the field, which each model
declares with `secrets.person_lookup`.
"""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from humla.core import secrets


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text in Python, a Fernet token in the database. Cannot be searched, sorted or compared there.

    `ring` is which keys it is sealed with (`secrets.RINGS`).

    An empty string stays empty: a sealed nothing would only cost room, and NOT NULL constraints that say
    "empty or present" stay readable in SQL.

    The token opens in its own column only (`purpose`). So a column, a model or an app is not renamed by a
    migration that moves the tokens along unread: they must be sealed anew.
    """

    description = "Sealed text"

    def __init__(self, *args: Any, ring: str = secrets.FIELDS, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ring = ring

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | ({"ring": self.ring} if self.ring != secrets.FIELDS else {})

    @property
    def purpose(self) -> str:
        """Where the token lies: "people.person.number"."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        written = super().get_prep_value(value)
        return secrets.seal(written, self.purpose, self.ring) if written else written

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        return secrets.unseal(value, self.purpose, self.ring) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        # isnull is the only question that can be answered without the key. Every other look-up would
        # compare with a token that differs each time, and silently find nothing.
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: search through its look-up column instead.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: search through its look-up column instead.")


def sealed_for(model: type[models.Model], column: str, text: str) -> str:
    """A text as it lies in this column, for those functions of the database that write the row themselves."""
    field: Any = model._meta.get_field(column)
    sealed: str = field.get_prep_value(text)
    return sealed


def opened_from(model: type[models.Model], column: str, sealed: str) -> str:
    """A text as it was written, out of what a function of the database answered from this column."""
    field: Any = model._meta.get_field(column)
    opened: str = field.from_db_value(sealed, None, None)
    return opened
