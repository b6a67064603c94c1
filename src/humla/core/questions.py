"""Questions to the database whose SQL is worked out once, and which the door can ask ahead of the page.

Here: `prepared`, which makes a question of a function that builds a queryset; asking it; and laying answers
at hand that were asked for ahead. Not here: the questions (each concept's `visibility.py`), nor asking them
in the round trip that opens the door (`case_page(ahead=...)`, `humla.web.door`).

To work out a queryset's SQL costs more than the answer, and to wait for each answer as much again
(bench/README.md). The pages opened most ask in this way; everything else asks as usual. What may be seen is
the same either way: the row policies answer, for the context that is open when the question is asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context, ContextVar
from functools import cached_property, update_wrapper
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Expression, Field, Func, Model, QuerySet, UUIDField
from django.db.models.query import get_related_populators
from django.db.utils import DEFAULT_DB_ALIAS

from humla.core.context import Standing, is_standing, standing

Arg = TypeVar("Arg")
Row = TypeVar("Row", bound=Model)
Asked = tuple["Question[Any, Any]", Any]
"""A question and what it is about."""

Answers = Mapping[Asked, Sequence[tuple[Any, ...]]]
"""Rows as they came: made into models when the page asks, and never when it does not."""


class Question(Generic[Arg, Row]):
    """One question about one thing, most often a case by its id."""

    def __init__(self, build: "Callable[[Arg], QuerySet[Row]]") -> None:
        self._build = build
        update_wrapper(self, build)

    def __call__(self, about: Arg) -> list[Row]:
        """The answer: the one that the door asked for ahead, else asked now."""
        rows = _at_hand(self, about)
        return self._sql.models(self.sent(about).fetchall() if rows is None else rows)

    def first(self, about: Arg) -> Row | None:
        """The first of the answer; a question that has one at most is asked so."""
        return next(iter(self(about)), None)

    def sent(self, about: Arg) -> Any:
        """A cursor with the question on its way. Within a pipeline nobody waits for it."""
        cursor = connection.cursor()
        cursor.execute(self._sql.text, self._sql.parameters(about))
        return cursor

    @cached_property
    def _sql(self) -> "_Sql":
        stand_in: Any = _Argument()
        # Empty of context: what one reader is, or when she asks, cannot be built into everybody's question.
        return _Sql(Context().run(self._build, stand_in))


def prepared(build: "Callable[[Arg], QuerySet[Row]]") -> Question[Arg, Row]:
    """Make a question of a function that builds a queryset.

    The function runs once: its argument goes into the queryset as a value and may not decide its shape,
    and who asks and when are `Told` by the database (`standing()` raises in it).
    """
    return Question(build)


class Told(Func):
    """What the database itself knows of the open context: `Told("ctx_actor")`."""

    template = "%(function)s()"

    def __init__(self, function: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(function=function, output_field=output_field or UUIDField())


NOW: Any = Told("humla_now", DateTimeField())
"""The instant of the transaction, where a queryset is given one (`humla.core.periods.holds`)."""


@contextmanager
def answered(answers: Answers) -> Iterator[None]:
    """Lay answers at hand for the context that is open now: an answer is never another reader's."""
    token = _answered.set((standing(), answers))
    try:
        yield
    finally:
        _answered.reset(token)


_answered: ContextVar[tuple[Standing | None, Answers]] = ContextVar("humla_answered", default=(None, {}))


def _at_hand(question: Question[Any, Any], about: object) -> Sequence[tuple[Any, ...]] | None:
    place, answers = _answered.get()
    return answers.get((question, about)) if is_standing() and standing() is place else None


class _Argument(Expression):
    """Where the argument goes: found again among the parameters of the SQL."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class _Sql:
    """The SQL of a queryset, and how its rows become models with what was joined.

    The second half is what Django's ModelIterable does for each asking, done once. Django 5.2; the tests in
    tests/web/test_asked_ahead.py lay the two beside each other.
    """

    def __init__(self, found: "QuerySet[Any]") -> None:
        # Given the proxy, so that the connection is the one of the thread that asks, not that worked it out.
        self._compiler = found.query.get_compiler(connection=connection)
        self.text, self._parameters = self._compiler.as_sql()
        told, select = self._compiler.klass_info, self._compiler.select
        assert told is not None
        places = told["select_fields"]
        self._model, self._own = told["model"], slice(places[0], places[-1] + 1)
        self._names = [one[0].target.attname for one in select[self._own]]
        self._joined = get_related_populators(told, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._converters = self._compiler.get_converters([one[0] for one in select])

    def parameters(self, about: object) -> list[Any]:
        return [about if isinstance(one, _Argument) else one for one in self._parameters]

    def models(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        converted = self._compiler.apply_converters(rows, self._converters) if self._converters else rows
        return [self._as_model(row) for row in converted]

    def _as_model(self, row: Sequence[Any]) -> Any:
        one = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for joined in self._joined:
            joined.populate(row, one)
        for name, place in self._compiler.annotation_col_map.items():
            setattr(one, name, row[place])
        return one
