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
from django.db.models import (
    DateTimeField,
    Expression,
    Field,
    ForeignKey,
    Func,
    Lookup,
    Model,
    QuerySet,
    UUIDField,
)
from django.db.models.base import ModelState
from django.db.models.functions import TruncDate
from django.db.utils import DEFAULT_DB_ALIAS

from humla.core.context import Standing, is_standing, standing
from humla.core.dates import STOCKHOLM

Arg = TypeVar("Arg")
Row = TypeVar("Row")
Asked = tuple["Question[Any, Any]", Any]
"""A question and what it is about."""

Answers = Mapping[Asked, Sequence[tuple[Any, ...]]]
"""Rows as they came: made into models when the page asks, and never when it does not."""


class Question(Generic[Arg, Row]):
    """One question about one thing, most often a case by its id."""

    def __init__(self, build: "Callable[[Arg], QuerySet[Any, Row]]") -> None:
        self._build = build
        self.is_about_nothing = next(iter(build.__annotations__.values()), Any) is None
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


def prepared(build: "Callable[[Arg], QuerySet[Any, Row]]") -> Question[Arg, Row]:
    """Make a question of a function that builds a queryset, of models or of `values_list`.

    The function runs once: its argument goes into the queryset as a value and may not decide its shape,
    and who asks and when are `Told` by the database (`standing()` raises in it). Several ids are one
    argument, a tuple: `filter(pk__any=ids)`.
    """
    return Question(build)


class Told(Func):
    """What the database itself knows of the open context: `Told("ctx_actor")`."""

    template = "%(function)s()"

    def __init__(self, function: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(function=function, output_field=output_field or UUIDField())


NOW: Any = Told("humla_now", DateTimeField())
"""The instant of the transaction, where a queryset is given one (`humla.core.periods.holds`)."""

TODAY: Any = TruncDate(NOW, tzinfo=STOCKHOLM)
"""The day in Sweden at that instant (`humla.core.context.today`)."""


@ForeignKey.register_lookup
@Field.register_lookup
class IsAny(Lookup):
    """`pk__any=ids`: one of several, however many. `IN` is another statement for each number of them."""

    lookup_name = "any"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [list(value)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, given = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*given, *more]


def fetched(row: Model, name: str, rows: Sequence[Any]) -> None:
    """Lay out the rows that `row.name.all()` gives, as `prefetch_related` would."""
    found = getattr(row, name).all()
    found._result_cache, found._prefetch_done = list(rows), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


@contextmanager
def answered(answers: Answers, *, once: bool = False) -> Iterator[None]:
    """Lay answers at hand for the context that is open now: an answer is never another reader's.

    `once`: each is given to the first that asks, and who asks again asks the database. So in a deed, which
    changes what it has read.
    """
    token = _answered.set((standing(), _Once(answers) if once else answers))
    try:
        yield
    finally:
        _answered.reset(token)


_answered: ContextVar[tuple[Standing | None, Answers]] = ContextVar("humla_answered", default=(None, {}))


def _at_hand(question: Question[Any, Any], about: object) -> Sequence[tuple[Any, ...]] | None:
    place, answers = _answered.get()
    return answers.get((question, about)) if is_standing() and standing() is place else None


class _Once(dict[Asked, Sequence[tuple[Any, ...]]]):
    """Answers that are gone when they have been given."""

    def get(self, asked: Asked, default: Any = None) -> Any:
        return self.pop(asked, default)


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
        self._converters = self._compiler.get_converters([one[0] for one in select])
        # For values_list the rows are the answer.
        self._maker = None if found.query.values_select else _Maker(told, select)
        self._beside = list(self._compiler.annotation_col_map.items())

    def parameters(self, about: object) -> list[Any]:
        given = list(about) if isinstance(about, tuple) else about
        return [given if isinstance(one, _Argument) else one for one in self._parameters]

    def models(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        converted = self._compiler.apply_converters(rows, self._converters) if self._converters else rows
        if self._maker is None:
            return [tuple(row) for row in converted]
        seen: dict[tuple[_Maker, Any], Any] = {}
        found = []
        for row in converted:
            one = self._maker.made(row, seen)
            for name, place in self._beside:
                setattr(one, name, row[place])
            found.append(one)
        return found


class _Maker:
    """Makes a model, and those joined to it, of the columns of a row that are theirs.

    As `Model.from_db`, without asking each field: none of ours does anything when it is read. Rows of one
    answer that are joined to the same row share it: a plan has forty rows and four units.
    """

    def __init__(self, told: Any, select: Any) -> None:
        assert not told.get("from_parent"), "no model of ours inherits another's table"
        places = told["select_fields"]
        self._model, self._own = told["model"], slice(places[0], places[-1] + 1)
        self._names = [one[0].target.attname for one in select[self._own]]
        self._key = places[0] + self._names.index(self._model._meta.pk.attname)
        self._joined = [
            (_Maker(one, select), one["local_setter"], one["remote_setter"])
            for one in told.get("related_klass_infos", [])
        ]

    def made(self, row: Sequence[Any], seen: "dict[tuple[_Maker, Any], Any]") -> Any:
        one = self._model.__new__(self._model)
        one._state = state = ModelState()
        state.db, state.adding = DEFAULT_DB_ALIAS, False
        one.__dict__.update(zip(self._names, row[self._own], strict=True))
        for maker, told_here, told_there in self._joined:
            key = row[maker._key]
            other = None
            if key is not None:
                other = seen.get((maker, key))
                if other is None:
                    other = seen[maker, key] = maker.made(row, seen)
                told_there(other, one)
            told_here(one, other)
        return one
