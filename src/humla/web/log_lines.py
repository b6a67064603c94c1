"""What a line of the technical log may not say: the token of a link, and what somebody wrote.

Here: the filters on every line. Not here: which lines there are (`config.settings`), nor the trail.
"""

import logging
import re
import traceback

from django.db import Error

_LINK = re.compile(r"/(svar|oppna)/[^/\s'\"]+")


class WithoutLinks(logging.Filter):
    """Takes the token out of an address in the line, in its words and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never stops a line."""
        said = record.getMessage()
        if _LINK.search(said):
            record.msg, record.args = _LINK.sub(r"/\1/…", said), None
        return True


class WithoutValues(logging.Filter):
    """Says of a fault which kind and where, and leaves its message out.

    The message may be what somebody wrote: a refused row is quoted whole by the database, a number that is
    none by the language itself. What the database calls the rule that was broken is ours and stays.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Never stops a line. The formatter takes `exc_text` as it stands when there is one."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = told(record.exc_info[1])
        return True


def told(fault: BaseException) -> str:
    """The kinds of a fault and of its causes, innermost first, each with where it happened."""
    cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    places = "".join(traceback.format_tb(fault.__traceback__))
    before = f"{told(cause)}\n\n" if cause is not None else ""
    return f"{before}Traceback (most recent call last):\n{places}{_kind(fault)}"


def _kind(fault: BaseException) -> str:
    name = f"{type(fault).__module__}.{type(fault).__qualname__}"
    asked = fault.__cause__ if isinstance(fault, Error) else fault
    diagnosis = getattr(asked, "diag", None)
    words = [getattr(diagnosis, part, None) for part in ("sqlstate", "table_name", "constraint_name")]
    said = ", ".join(word for word in words if isinstance(word, str))
    return f"{name} ({said})" if said else name
