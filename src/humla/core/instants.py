"""How an instant is read out of the database: the same as Django reads it, by Python's own parser.

Here: the loader, set for every connection when the app starts. Not here: what time it is (`dates`), nor the
open transaction's instant (`context`). Django's loader goes by way of psycopg's slow one, and a list of cases
has a hundred instants: they were a tenth of the page.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class InstantLoader(BaseTzLoader):  # type: ignore[misc]
    """2026-11-24 12:00:00+00, and whatever else PostgreSQL may write, as an instant in UTC."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            at = datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # infinity, before Christ: psycopg says what is wrong
            at = super().load(data)
        return at if at.tzinfo is UTC else at.astimezone(UTC)


def read_quickly() -> None:
    """For connections that are opened from now on."""
    get_adapters_template(settings.USE_TZ, UTC).register_loader("timestamptz", InstantLoader)
