"""A rule's answer: yes, or no with a reason in plain Swedish.

Lives here: `Ruling`, the ways to put rulings together, and the exception that stops an action.
Not here: the rules themselves; each concept keeps its own in `rules.py`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ruling:
    """Truthy when the thing may happen. One ruling stops the action, disables the button and says why."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason

    def enforce(self) -> None:
        """Raise `NotAllowed` when the answer is no."""
        if self.reason:
            raise NotAllowed(self.reason)


class NotAllowed(Exception):
    """An action was refused. The message is the Swedish sentence shown to the person who tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


YES: Final = Ruling()


def no(reason: str) -> Ruling:
    """A refusal. A no without a reason would read as a yes, so an empty reason is a programming error."""
    written = str(reason).strip()
    if not written:
        raise ValueError("A refusal needs a reason: the person must be told why.")
    return Ruling(written)


def all_of(*rulings: Ruling) -> Ruling:
    """Yes when all say yes; otherwise the first no, since that is the obstacle to remove first."""
    return next((ruling for ruling in rulings if not ruling), YES)


def any_of(*rulings: Ruling) -> Ruling:
    """Yes when one says yes; otherwise the last no: put the way that is open to most people last."""
    if not rulings:
        raise ValueError("any_of needs at least one ruling: nothing at all must not become a yes.")
    return next((ruling for ruling in rulings if ruling), rulings[-1])
