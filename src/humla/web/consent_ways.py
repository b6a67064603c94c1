"""What every page about consent in a case begins with: whose it is, which units there are, what is read.

Here: those, and what is most often true of an answer. Not here: the pages (`consents`, `asking`, `kept_away`,
`afterwards`, `signed_papers`).
"""

from dataclasses import dataclass
from typing import Any

from humla.cases.models import Case
from humla.consents.models import Manner, WordingKind
from humla.consents.reviewed import Text, as_read, in_use, standard
from humla.core.context import Actor, today
from humla.organisation.models import Unit
from humla.organisation.visibility import units_to_choose
from humla.people.models import Language
from humla.people.naming import display_name, shown_number


def whose(case: Case) -> dict[str, Any]:
    """The case and whom it is about: a yes must never be written down in the wrong case."""
    return {"case": case, "name": display_name(case.person), "number": shown_number(case.person)}


def units_to_name(case: Case) -> list[Unit]:
    """Every unit that a consent in this case can name."""
    return list(units_to_choose().exclude(authority_id=case.authority_id))


@dataclass(frozen=True)
class Words:
    """What is read to the person before she answers, in her language if somebody has reviewed it there."""

    text: Text
    swedish: Text | None
    """The same in Swedish, for whoever reads it aloud; none when it is what stands above."""
    offered: list[str]
    her_language: str
    is_hers: bool

    @property
    def language(self) -> str:
        """The language that the form suggests: hers where it is offered."""
        return self.text.language


def words_for(case: Case, about: WordingKind) -> Words:
    """The words to read in this case."""
    rows, hers = in_use(case.association_id, about), case.person.language
    mine = as_read(rows["sv"]) if "sv" in rows else Text("sv", standard()[about, "sv"])
    text = as_read(rows[hers]) if hers in rows else mine
    return Words(
        text=text,
        swedish=mine if text.language != "sv" else None,
        offered=[one for one in Language.values if one in rows or one == "sv"],
        her_language=str(Language(hers).label),
        is_hers=text.language == hers,
    )


def said_first(actor: Actor, case: Case, words: Words) -> dict[str, Any]:
    """What is most often true: said to her who writes it down, in the person's language or through a tolk."""
    return {
        "said_on": today(),
        "manner": Manner.ORAL,
        "heard_by": actor.name,
        "language": words.language,
        "with_interpreter": case.person.needs_interpreter or not words.is_hers,
    }
