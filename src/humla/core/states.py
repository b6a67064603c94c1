"""How a thing goes from one state to the next: said as data beside the model, drawn in docs/states.md."""

from typing import NamedTuple


class Transition(NamedTuple):
    """One step: from which state (empty: not there yet), by which action, to which state."""

    before: str
    action: str
    after: str
