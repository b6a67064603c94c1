"""What a line of the technical log may not say: the token of a link.

Here: the filter on every line. Not here: which lines there are (`config.settings`), nor the trail.
"""

import logging
import re

_LINK = re.compile(r"/svar/[^/\s'\"]+")


class WithoutLinks(logging.Filter):
    """Takes the token out of an address in the line, in its words and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never stops a line."""
        said = record.getMessage()
        if "/svar/" in said:
            record.msg, record.args = _LINK.sub("/svar/…", said), None
        return True
