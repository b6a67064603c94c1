"""How often something may be asked for: a count in memory, forgotten after its minute.

Here: the counter, from which address a request came, and the page that asks one to wait. Not here: limits
that must hold over days and restarts, which stand in the database (`web.seeking`, `access.rules`, the codes
of `links`).

What is counted is kept as a keyed hash and only for its minute: no address and no account is stored. Each web
process counts by itself; `./humla run` has one.
"""

import logging
import threading
import time
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from humla.core.secrets import lookup
from humla.web import errors

logger = logging.getLogger(__name__)

_MOST_COUNTED = 10_000
"""So many are told apart. Whoever sends from more addresses than that is counted as one."""


class Pace:
    """At most so many times in so many seconds, for each whom it is asked about."""

    def __init__(self, most: int, *, seconds: int) -> None:
        self.most = most
        self.seconds = seconds
        self._window = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def allows(self, whom: str) -> bool:
        """Count once more, and say whether it was within the limit."""
        window, key = int(time.monotonic() // self.seconds), lookup("pace", whom)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            if key not in self._counts and len(self._counts) >= _MOST_COUNTED:
                key = ""
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self.most

    def hold(self, whom: str, *, what: str) -> None:
        """Count once more; beyond the limit the page that asks one to wait is answered instead.

        The line in the technical log says what was tried too often, not by whom.
        """
        if not self.allows(whom):
            logger.warning("Too often: %s", what)
            raise errors.AnswerInstead(errors.too_often)


def address_of(request: HttpRequest) -> str:
    """Where the request came from: the last address in the proxy's own header, when there is a proxy.

    What stands before the last was written by the sender herself and is believed by nobody.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not (settings.HTTPS and told):
        return nearest
    try:
        return str(ip_address(told))
    except ValueError:
        return nearest
