"""Those who walk through the SAMSIP, with their browsers, and the steps that everybody takes.

Here: who is at which screen, the clock and the post, and looking up from the work after each step to see that
nobody outside knows. Not here: what each does (`samsip_meetings`, `samsip_plan`, `samsip_end`).
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.core import mail
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from humla.ops.jobs import send
from tests import cast as the_cast
from tests.journeys import pictures, steps
from tests.journeys.conftest import Live, Windows, let_a_minute_pass
from tests.journeys.samsip_eyes import Outsider, Watch, outsider

NUMBER_AS_WRITTEN = f"{the_cast.EVA[:8]}-{the_cast.EVA[8:]}"
NAMELESS = ("Eva", "Ek", the_cast.EVA, NUMBER_AS_WRITTEN, the_cast.EVA[2:])


@dataclass
class Story:
    """One walk. `secrets` is every text that was written in the case: none of them may be in a letter."""

    live: Live
    windows: Windows
    inside: Callable[[], AbstractContextManager[None]]
    watch: Watch = field(default_factory=Watch)
    outsiders: list[Outsider] = field(default_factory=list)
    case: str = ""
    reference: str = ""
    secrets: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    steps: int = 0

    def comes(self, name: str, *, on_the_phone: bool = False) -> Page:
        """She signs in in a browser of her own."""
        how: dict[str, Any] = {"width": 390, "phone": True} if on_the_phone else {}
        self.pages[name] = self.watch.over(self.windows.signed_in(name, **how))
        return self.pages[name]

    def stand_outside(self, *names: str) -> None:
        """They sign in too, and know nothing."""
        for name in names:
            self.outsiders.append(outsider(self.windows.signed_in(name), name, self.live.url))

    def nobody_else_knows(self) -> None:
        """After each step: every address there has been, and every list, tells those outside nothing."""
        words = [one for one in ("Eva", self.reference, self.case.strip("/").rpartition("/")[2]) if one]
        told = [one for each in self.outsiders for one in each.can_tell(self.watch.addresses, words)]
        assert told == [], f"after step {self.steps + 1}"
        assert self.watch.complaints == [], f"after step {self.steps + 1}"
        self.steps += 1

    def look(self, page: Page, picture: str = "", *, at: str = "") -> None:
        """Keep the page for the machine, and a picture of it for the handbook."""
        self.watch.keep(page, picture)
        if picture:
            pictures.take(page, picture, at=at)

    def a_minute_passes(self) -> None:
        """What waits to leave leaves: what is handed over opens, and the letters go."""
        let_a_minute_pass(self.live)
        with self.inside(), override_settings(MAIL_LEAVES=True, PUBLIC_URL=self.live.url):
            send(timestamp=0)

    def the_day_comes(self) -> None:
        """The planned meeting is now."""
        with psycopg.connect(self.live.owner_url) as owner:
            owner.execute(
                "UPDATE meetings_meeting SET starts_at = now(), answer_by = NULL WHERE state = 'planned'"
            )

    def nameless_letters(self, how_many: int) -> list[str]:
        """Every letter so far; none says whom it is about nor what."""
        letters = [f"{one.subject}\n{one.body}" for one in mail.outbox]
        assert len(letters) == how_many
        # The address is drawn by lot, and spells anything.
        written = [re.sub(r"https?://\S+", "", one) for one in letters]
        told = [word for word in (*NAMELESS, *self.secrets) for one in written if word in one]
        assert told == []
        return letters


def says(place: Page | Locator, words: str) -> None:
    """Waits until it stands there, to be seen."""
    expect(place.get_by_text(words).filter(visible=True).first).to_be_visible()


def asked(place: Page | Locator, words: str) -> Locator:
    """The field with this label, whether it must be answered or not."""
    return place.get_by_label(re.compile(rf"^{re.escape(words)}(\s*\(frivilligt\))?$")).first


def write(place: Page | Locator, words: str, text: str) -> None:
    """In the field with this label."""
    asked(place, words).fill(text)


def tick(place: Page | Locator, asked: str, answer: str) -> None:
    """One of the answers to a question."""
    group = place.get_by_role("group", name=asked).or_(place.get_by_role("radiogroup", name=asked)).first
    group.get_by_role("radio", name=answer, exact=True).check()


def unfold(place: Page | Locator, words: str) -> None:
    """Open what is folded in."""
    folded = (
        place.locator("details")
        .filter(has=place.page.get_by_text(words) if isinstance(place, Locator) else place.get_by_text(words))
        .first
    )
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()


def chapters(place: Page | Locator) -> dict[str, str]:
    """What a frozen paper says there, by kind of information; which paper it is stands outside."""
    return {label.partition(",")[0]: text for label, text in steps.parts_in(place).items()}
