"""Changing the keys that seal single fields: a new one, everything sealed anew under it, the old one gone.

Here: `./humla keys`. It acts as the owner, since no other role may change a row that it cannot read. Not
here: the sealing (`humla.core.secrets`), making the first keys (`install.py`).

The order is what makes it safe while the web is up: the new key stands in the file before anything is sealed
with it, a running process reads the file again as soon as it has changed, and an old key goes only when
nothing lies under it and nobody can still be sealing with it. Backups from before need the old key: it is
kept with them as long as they are kept.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from humla.core.secrets import RINGS
from humla.ops.install import exclusive, new_key, replace_keys
from humla.ops.sentences import Stop

BATCH = 500
WITHOUT_NAME = "-"
"""What was sealed before keys had names."""
_STILL_USED = 3600
"""Seconds after a change until no process can be in the middle of sealing with the key before."""


def main(words: list[str]) -> int:
    """`python -m humla.ops.keys`: what lies under which key, or one of the three changes."""
    path = Path(os.environ["HUMLA_KEYS"])
    match words:
        case []:
            pass
        case ["rotate", ring]:
            _add_key(path, ring)
            _say_resealed(ring)
        case ["reseal"]:
            for ring in RINGS:
                _say_resealed(ring)
        case ["forget", name]:
            forget(path, name)
            print(f"Nyckeln {name} är borttagen. Spara den med de säkerhetskopior som är gjorda under den.")
        case _:
            raise ValueError(f"unknown words: {words}")
    _table(path)
    return 0


def counted(ring: str) -> Counter[str]:
    """How many texts lie under each key of a ring, by the key's name."""
    from django.db import connection

    found: Counter[str] = Counter()
    for table, _pk, column in _columns(ring):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT CASE WHEN substr({column}, 9, 1) = ':' THEN left({column}, 8)"
                f" ELSE '{WITHOUT_NAME}' END,"
                f" count(*) FROM {table} WHERE {column} <> '' GROUP BY 1"
            )
            found.update({str(name): int(count) for name, count in cursor.fetchall()})
    return found


def reseal(ring: str) -> int:
    """Seal what lies under older keys of a ring anew; how many. Can be broken off and done again."""
    return sum(_reseal_column(ring, *where) for where in _columns(ring))


def forget(path: Path, name: str) -> None:
    """Take an old key out of the file: never the newest, and not while anything lies under it."""
    from humla.core.secrets import key_name

    with exclusive(path.with_name(path.name + ".lock")):
        keys = json.loads(path.read_text())
        ring = next((one for one in RINGS if name in map(key_name, keys[one])), None)
        if ring is None:
            raise Stop(f"Det finns ingen nyckel {name}.", f"There is no key {name}.")
        if key_name(keys[ring][0]) == name:
            raise Stop(
                f"Nyckeln {name} är den som används. Byt den först: ./humla keys --rotate {ring}",
                f"The key {name} is in use. Rotate it first.",
            )
        if time.time() - path.stat().st_mtime < _STILL_USED:
            raise Stop(
                "Nyckelfilen ändrades för mindre än en timme sedan. Vänta, någon kan hålla på med den gamla.",
                "The key file was changed less than an hour ago. Wait: the old key may still be in use.",
            )
        left = counted(ring)
        if left[name] or left[WITHOUT_NAME]:
            raise Stop(
                f"{left[name] + left[WITHOUT_NAME]} texter ligger kvar under äldre nycklar. "
                "Försegla om dem först: ./humla keys --reseal",
                "Some texts still lie under older keys. Seal them anew first: ./humla keys --reseal",
            )
        keys[ring] = [one for one in keys[ring] if key_name(one) != name]
        replace_keys(path, keys)


def _add_key(path: Path, ring: str) -> None:
    if ring not in RINGS:
        raise Stop(f"Det finns två slags nycklar: {', '.join(RINGS)}.", f"Keys: {', '.join(RINGS)}.")
    with exclusive(path.with_name(path.name + ".lock")):
        keys = json.loads(path.read_text())
        keys[ring] = [new_key(), *keys[ring]]
        replace_keys(path, keys)


def _say_resealed(ring: str) -> None:
    print(f"{ring}: {reseal(ring)} texter förseglades om.")


def _table(path: Path) -> None:
    from humla.core.secrets import key_name

    keys = json.loads(path.read_text())
    for ring in RINGS:
        found = counted(ring)
        names = [key_name(one) for one in keys[ring]]
        for name in [*names, *sorted(set(found) - set(names))]:
            is_newest = name == names[0]
            standing = "används" if is_newest else "gammal" if name in names else "saknas i nyckelfilen"
            if is_newest or found[name] or name in names:
                print(f"{ring:10} {name:9} {found[name]:>9} texter  {standing}")


def _columns(ring: str) -> Iterator[tuple[str, str, str]]:
    """Every column that is sealed with the ring: its table, the table's key and the column, quoted."""
    from django.apps import apps
    from django.db import connection

    from humla.core.sealed_field import SealedTextField

    quoted = connection.ops.quote_name
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField) and field.ring == ring and model._meta.managed:
                key: Any = model._meta.pk
                yield quoted(model._meta.db_table), quoted(key.column), quoted(str(field.column))


def _reseal_column(ring: str, table: str, pk: str, column: str) -> int:
    from django.db import connection, transaction

    from humla.core.secrets import key_names, rotate

    newest, last, count = key_names(ring)[0], None, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            after = f"AND {pk} > %s" if last is not None else ""
            cursor.execute(
                f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' AND left({column}, 9) <> %s {after}"
                f" ORDER BY {pk} LIMIT {BATCH} FOR NO KEY UPDATE",
                [f"{newest}:", *([last] if last is not None else [])],
            )
            rows = cursor.fetchall()
            if not rows:
                return count
            cursor.executemany(
                f"UPDATE {table} SET {column} = %s WHERE {pk} = %s",
                [(rotate(sealed, ring), key) for key, sealed in rows],
            )
        last, count = rows[-1][0], count + len(rows)


if __name__ == "__main__":
    import sys

    import django

    django.setup()
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        stop.show()
        sys.exit(1)
