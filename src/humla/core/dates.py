"""The only place that asks what time it is.

Lives here: today and now in Swedish time, the database's clock, the Swedish day of an instant, when a day
begins and ends, and dates written in Swedish. Not here: the open transaction's instant and day (`context`),
what holds at an instant (`periods`), deadlines of the local agreement (agreements).

Two clocks, on purpose: what is written to the database takes its time from the transaction
(`transaction_now`), so that all rows of one action carry one instant and a web process with a wrong
clock cannot backdate anything; pages and documents use `now` and `today`.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import format_date
from django.db.backends.base.base import BaseDatabaseWrapper

STOCKHOLM = ZoneInfo("Europe/Stockholm")

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def now() -> datetime:
    """This instant, in Swedish time. Not for what is stored: see `transaction_now`."""
    return datetime.now(STOCKHOLM)


def today() -> date:
    """The date in Sweden, whatever the machine's time zone is."""
    return day_of(now())


def day_of(at: datetime) -> date:
    """The date in Sweden at an instant: late in the evening it is another one in UTC."""
    return at.astimezone(STOCKHOLM).date()


def start_of(day: date) -> datetime:
    """The first instant of a day in Sweden."""
    return datetime.combine(day, time.min, STOCKHOLM)


def end_of(day: date) -> datetime:
    """The instant when what holds "till och med" a day ends: the first one of the day after."""
    return start_of(day + timedelta(days=1))


def transaction_now(connection: BaseDatabaseWrapper) -> datetime:
    """The database's clock: the same instant through the whole transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT humla_now()")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("The database did not answer what time it is.")
    at: datetime = row[0]
    return at.astimezone(STOCKHOLM)


def written_date(on: date, language: str = "sv") -> str:
    """24 november 2026, with spaces that do not break; in another language as it is written there."""
    if language.split("-")[0] == "sv":
        return f"{on.day}\N{NO-BREAK SPACE}{MONTHS[on.month - 1]}\N{NO-BREAK SPACE}{on.year}"
    # Dari has no data of its own in Babel; it shares Afghan Persian's.
    locale = {"prs": "fa_AF"}.get(language, language)
    try:
        return str(format_date(on, "long", locale=locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return on.isoformat()
