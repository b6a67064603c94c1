"""The words of a search in a list, sent in a POST and from there on sealed in the address; and which page.

An address ends up in histories and logs, and the name of a person or of a colleague does not belong there. So
the form is sent, and answered with an address in which the words are sealed for this list and this reader.

Here: sealing them and reading them again. Not here: what a list does with them (each page), nor looking a
whole person number up (`humla.web.seeking`).
"""

from dataclasses import dataclass

from django import forms

from humla.core.fields import LineField
from humla.core.secrets import CannotUnseal, seal, unseal
from humla.web.door import DoorRequest
from humla.web.pace import Pace

MOST_WORDS = 60
SEARCHES = Pace(60, seconds=60)
"""Nobody reads sixty answers in a minute."""


class SearchForm(forms.Form):
    """The words as they are sent."""

    words = LineField(MOST_WORDS, required=False)


@dataclass(frozen=True)
class Sought:
    """What the address says is searched for: as it stands there, and as it reads."""

    sealed: str = ""
    words: str = ""


def words_sent(request: DoorRequest) -> str:
    """The words of the form that was sent; more of them than anybody searches for are none."""
    SEARCHES.hold(str(request.actor.id), what="search")
    form = SearchForm(request.POST)
    return str(form.cleaned_data["words"]) if form.is_valid() else ""


def sealed(request: DoorRequest, words: str) -> str:
    """The words as they stand in the address of this list; nothing for no words."""
    return seal(words, _purpose(request)) if words else ""


def sought(request: DoorRequest) -> Sought:
    """What the address searches for. What does not open here, for her who asks, searches for nothing."""
    written = request.GET.get("sok", "")
    try:
        return Sought(written, unseal(written, _purpose(request)))
    except CannotUnseal:
        return Sought()


def page_asked(request: DoorRequest) -> int:
    """Which page of the list the address asks for; the first when it says nothing that we write."""
    written = request.GET.get("sida", "")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _purpose(request: DoorRequest) -> str:
    """Her own search in this very list: no other sealed text opens in its place, not even another list's."""
    return f"search:{request.path}:{request.actor.id}"
