"""Two people in the same second, on committed data: what the one who comes second is told."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from humla.core.context import Actor, acting
from humla.core.rulings import NotAllowed


def second_of_two(
    first: Callable[[], Any], second: Callable[[], Any], *, by: Actor, then_by: Actor | None = None
) -> tuple[Any, Any]:
    """What each got. The second begins while the first has done its work and not committed it."""
    told: list[Any] = []

    def come_second() -> None:
        try:
            with transaction.atomic(), acting(then_by or by):
                told.append(second())
        except NotAllowed as refused:
            told.append(refused.reason)
        finally:
            connections.close_all()

    thread = threading.Thread(target=come_second, daemon=True)
    with transaction.atomic(), acting(by):
        got = first()
        thread.start()
        thread.join(0.4)
        assert thread.is_alive(), "the second did not wait for the first"
    thread.join(10)
    return got, told[0]
