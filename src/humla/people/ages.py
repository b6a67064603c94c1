"""How old somebody was when something happened: what is counted is the event, not the person as she is now.

Here: sex and age at an event, as the figures keep them (STA-1). Not here: the person herself.
"""

from datetime import date

from humla.people.models import Person


def then(person: Person, day: date) -> dict[str, object]:
    """The columns of an event: `sex_then` and `age_then`, in whole years by the year of birth alone.

    A temporary code and some samordningsnummer have no known year: then the age is None.
    """
    age = None if person.born_year is None else max(0, day.year - person.born_year)
    return {"sex_then": person.sex, "age_then": age}
