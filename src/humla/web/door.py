"""The door: every page passes it, in one transaction with one context.

A look: [begin, enter, savepoint, read only, what the page will ask] in one round trip, the page rendered
completely, then [release, the trail, commit] in another and only then the first byte. A deed: the same
opening, the form's own key so that a double click has one effect, and a commit only when the page answers
with a redirect.

Here: who may come to which kind of page, and how. Not here: what they may see (rules, walls).
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from types import MethodType
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse

from humla.accounts.tokens import hash_of
from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import case_seen, is_held, the_case
from humla.core.context import Actor, Kind, Standing, stand
from humla.core.questions import Answers, Asked, Question, answered
from humla.core.rulings import NotAllowed
from humla.core.secrets import lookup
from humla.drafts.actions import KeyUsedForOther, finish_submission, start_submission
from humla.links.tokens import kept_of
from humla.representatives.visibility import ActedBy, mandate_acted_by
from humla.web import errors
from humla.web.pace import Pace

P = ParamSpec("P")


class DoorRequest(HttpRequest):
    """A request inside the door: it knows who acts, and what has been shown so far."""

    actor: Actor
    account_id: UUID | None
    looks: "list[Look]"
    link_subject: str
    """On a letter's page: what the link leads to (`LinkSubject`), empty when it is dead."""

    def looked(
        self,
        tag: Tag,
        *,
        case: UUID | None = None,
        person: UUID | None = None,
        items: Iterable[Item] = (),
        allowed_by: Iterable[tuple[str, UUID]] = (),
    ) -> None:
        """Say what the page shows of a person; the door writes it on the trail before the page leaves."""
        self.looks.append(Look(tag, case, person, list(items), list(allowed_by)))

    def looked_in(
        self, case: Case, tag: Tag, *, items: Iterable[Item] = (), rights: Iterable[tuple[str, UUID]] = ()
    ) -> None:
        """A look in a case: the reader's own assignment there is the first of the rights it rests on."""
        mine = [("assignment", case.my_assignment_id)] if case.my_assignment_id else []
        self.looked(tag, case=case.pk, person=case.person_id, items=items, allowed_by=[*mine, *rights])


@dataclass(frozen=True)
class Look:
    """What one page showed."""

    tag: Tag
    case: UUID | None
    person: UUID | None
    items: list[Item] = field(default_factory=list)
    allowed_by: list[tuple[str, UUID]] = field(default_factory=list)

    def write(self) -> None:
        """One line on the trail."""
        record(self.tag, case=self.case, person=self.person, items=self.items, allowed_by=self.allowed_by)


Questions = tuple[Question[UUID, Any] | Question[None, Any], ...]
View = Callable[Concatenate[DoorRequest, P], HttpResponse]
DjangoView = Callable[..., HttpResponse]


def public_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for anybody, signed in or not."""
    return _page(frozenset(Kind), methods, needs_sign_in=False)


def signed_in_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for anybody who has signed in, also before choosing whom to act for."""
    # Choosing whom to act for changes who the key belongs to, and choosing twice is choosing once: no key.
    return _page(frozenset(Kind), methods, needs_sign_in=True, once=False)


def staff_page(
    *, methods: tuple[str, ...] = ("GET",), ahead: tuple[Question[None, Any], ...] = ()
) -> Callable[[View[P]], DjangoView]:
    """A page for professionals. `ahead`: what a look at it will ask about nothing but who asks and when."""
    return _page(frozenset({Kind.PROFESSIONAL}), methods, ahead=ahead)


def office_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page without any person in it, for professionals, the förbund and administrators."""
    return _page(frozenset({Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN}), methods)


def administrator_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for administrators, who read no content about a person."""
    return _page(frozenset({Kind.ADMIN}), methods)


def hook(view: View[P]) -> DjangoView:
    """A small POST that a script sends beside a page (a draft): no key, kept when the answer is good."""
    through: DjangoView = _page(frozenset(set(Kind) - {Kind.PUBLIC}), ("POST",), once=False)(view)
    return through


def person_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page in the person's own space."""
    return _page(frozenset({Kind.PERSON}), methods)


def writers_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for those whose forms keep drafts: professionals, and the person in her own space."""
    return _page(frozenset({Kind.PROFESSIONAL, Kind.PERSON}), methods)


def representative_page(
    *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[Concatenate[DoorRequest, ActedBy, P], HttpResponse]], DjangoView]:
    """A page for whoever acts for the person in its address, by the mandate that the session has chosen.

    Another person's page is absent, also one whom she acts for by another mandate: rights never add up.
    """

    def wrap(view: Callable[Concatenate[DoorRequest, ActedBy, P], HttpResponse]) -> DjangoView:
        @wraps(view)
        def with_mandate(
            request: DoorRequest, person_id: UUID, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            acting = mandate_acted_by()
            if acting is None or acting.person_id != person_id:
                raise Http404
            return view(request, acting, *args, **kwargs)

        page = _page(frozenset({Kind.REPRESENTATIVE}), methods)
        through: DjangoView = page(cast(Any, with_mandate))
        return through

    return wrap


def acting_page(view: View[P]) -> DjangoView:
    """The way to the page of whomever the session acts for."""
    through: DjangoView = _page(frozenset({Kind.REPRESENTATIVE}), ("GET",))(view)
    return through


def case_page(
    *, methods: tuple[str, ...] = ("GET",), ahead: Questions = (), ahead_of_deed: Questions = ()
) -> Callable[[Callable[Concatenate[DoorRequest, Case, P], HttpResponse]], DjangoView]:
    """A professional's page about one case. The case is fetched here; one that may not be seen is absent.

    `ahead`: what a look at the page will ask about the case by its id, sent in the round trip that opens
    the door. It is answered for the context opened there, before the page knows whether it will ask.
    `ahead_of_deed`: the same for a deed, each answer for the first that asks: name what the page reads before
    it changes anything.
    """

    def wrap(view: Callable[Concatenate[DoorRequest, Case, P], HttpResponse]) -> DjangoView:
        @wraps(view)
        def with_case(request: DoorRequest, case_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            case = case_seen(case_id)
            if case is None:
                raise Http404
            response = view(request, case, *args, **kwargs)
            if not isinstance(response, HttpResponseRedirect) and not request.looks:
                raise AssertionError(
                    f"{view.__name__} showed a case and did not say what: call request.looked()"
                )
            return response

        page = _page(
            frozenset({Kind.PROFESSIONAL}),
            methods,
            ahead=(the_case, *ahead),
            ahead_of_deed=(the_case, *ahead_of_deed),
        )
        through: DjangoView = page(cast(Any, with_case))
        return through

    return wrap


def only_where_held(request: DoorRequest, case: Case) -> None:
    """A receiver sees the case, but not this page of it: it is absent to her."""
    if not is_held(case, request.actor):
        raise Http404


def link_page(*, methods: tuple[str, ...] = ("GET",), opens: bool = False) -> Callable[[View[P]], DjangoView]:
    """A page that a letter's link leads to (`token` in its address), for those without an account.

    `request.actor` is the link itself, or public when the link is dead or never was: the page then says what
    to do, in the same words for both. Who is signed in beside it does not matter. A GET never acts, since
    scanners follow links; a POST has no sender to keep a key, so to act once is the page's own matter.

    `opens`: the link is one that a code opens. In the browser where it has, the actor's role is `opened`.
    """

    def wrap(view: View[P]) -> DjangoView:
        @wraps(view)
        def through(request: DoorRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "HEAD":
                request.method = "GET"  # A page that asks which it is must not take a look for a deed.
            method = str(request.method)
            if method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return walk(request, method == "GET", token, args, kwargs)
            except _DeadConnection:
                connection.close()
                return walk(request, method == "GET", token, args, kwargs)
            except NotAllowed as refusal:
                return errors.refused(request, refusal.reason)
            except errors.AnswerInstead as instead:
                return instead.answer(request)

        def walk(request: DoorRequest, is_look: bool, token: str, args: Any, kwargs: Any) -> HttpResponse:
            entered = _OpenedByCode if opens else _OpenedByLink
            if not is_look:
                _ANSWERS.hold(token, what="answer by link")
            with transaction.atomic(durable=True), entered(request, token, read_only=is_look):
                response: HttpResponse = view(request, *args, **kwargs)
                if is_look:
                    _close_look(request)
                else:
                    transaction.set_rollback(not _did_something(response))
            if not is_look and not _did_something(response) and request.looks:
                # A form that came back with errors shows what it is about, too.
                shown = request.looks
                with transaction.atomic(durable=True), entered(request, token, read_only=False):
                    for look in shown:
                        look.write()
            return response

        through.door_kinds = frozenset({Kind.LINK})  # type: ignore[attr-defined]
        through.door_methods = methods  # type: ignore[attr-defined]
        return through

    return wrap


def note(tag: Tag, *, token: str) -> None:
    """Write one line on the trail for a session that came to be outside the door (a sign-in)."""
    request_id = uuid4()
    with transaction.atomic(durable=True):
        row, _none = _enter(hash_of(token), request_id, read_only=False)
        actor, account_id, at = _actor(row)
        with stand(actor, at, request_id):
            record(tag, items=[("account", account_id, 0)] if account_id else [])


def _page(
    kinds: frozenset[Kind],
    methods: tuple[str, ...],
    *,
    needs_sign_in: bool = True,
    once: bool = True,
    ahead: Questions = (),
    ahead_of_deed: Questions = (),
) -> Callable[[View[P]], DjangoView]:
    def wrap(view: View[P]) -> DjangoView:
        @wraps(view)
        def through(request: DoorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "HEAD":
                request.method = "GET"  # A page that asks which it is must not take a look for a deed.
            method = str(request.method)
            if method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return walk(request, method, args, kwargs)
            except _DeadConnection:
                connection.close()
                return walk(request, method, args, kwargs)
            except errors.AnswerInstead as instead:
                return instead.answer(request)

        def walk(request: DoorRequest, method: str, args: Any, kwargs: Any) -> HttpResponse:
            asked = _asked(ahead if method == "GET" else ahead_of_deed, kwargs.get("case_id"))
            if method == "GET":
                return _look(request, view, args, kwargs, kinds, needs_sign_in, asked)
            return _deed(request, view, args, kwargs, kinds, needs_sign_in, once, asked)

        through.door_kinds = kinds if needs_sign_in else None  # type: ignore[attr-defined]
        through.door_methods = methods  # type: ignore[attr-defined]
        return through

    return wrap


def _look(
    request: DoorRequest,
    view: Any,
    args: Any,
    kwargs: Any,
    kinds: frozenset[Kind],
    needs_sign_in: bool,
    asked: Sequence[Asked],
) -> HttpResponse:
    try:
        with transaction.atomic(durable=True), _Opened(request, read_only=True, ahead=asked):
            refusal = _turned_away(request, kinds, needs_sign_in)
            if refusal is not None:
                return refusal
            response: HttpResponse = view(request, *args, **kwargs)
            _close_look(request)
            return response
    except Http404:
        _note_denied(request, kwargs)
        raise


def _deed(
    request: DoorRequest,
    view: Any,
    args: Any,
    kwargs: Any,
    kinds: frozenset[Kind],
    needs_sign_in: bool,
    once: bool,
    asked: Sequence[Asked],
) -> HttpResponse:
    try:
        with transaction.atomic(durable=True), _Opened(request, read_only=False, ahead=asked):
            refusal = _turned_away(request, kinds, needs_sign_in)
            if refusal is not None:
                return refusal
            response: HttpResponse
            if once:
                response = _once(request, lambda: view(request, *args, **kwargs))
            else:
                response = view(request, *args, **kwargs)
                transaction.set_rollback(not _did_something(response))
    except Http404:
        _note_denied(request, kwargs)
        raise
    except NotAllowed as no:
        _note_denied(request, kwargs)
        return errors.refused(request, no.reason)
    if not _did_something(response):
        _note_looks(request)
    return response


def _asked(questions: Questions, case_id: UUID | None) -> list[Asked]:
    return [(one, None if one.is_about_nothing else case_id) for one in questions]


def _did_something(response: HttpResponse) -> bool:
    """A deed answers with a redirect, a hook with good JSON; anything else undoes itself."""
    return isinstance(response, HttpResponseRedirect) or (
        isinstance(response, JsonResponse) and response.status_code < 300
    )


def _once(request: DoorRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the deed unless its key has been used; then answer as the first time."""
    if request.actor.kind is Kind.PUBLIC:
        return view()
    key = _key(request)
    if key is None:
        transaction.set_rollback(True)
        return errors.bad_request(request)
    try:
        answered = start_submission(key, payload=_digest(request))
    except KeyUsedForOther:
        transaction.set_rollback(True)
        return errors.bad_request(request)
    if answered is not None:
        return HttpResponseRedirect(answered)
    response = view()
    if not _did_something(response):
        # The form came back with errors: nothing happened, and its key may be used again.
        transaction.set_rollback(True)
        return response
    with connection.wrap_database_errors, connection.connection.pipeline(), connection.cursor() as cursor:
        finish_submission(key, answer=response["Location"])
        # Django's foreign keys are checked at commit, outside the action; here the error still has a place.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return response


class _Opened:
    """Open the context in the transaction just begun."""

    def __init__(self, request: DoorRequest, *, read_only: bool, ahead: Sequence[Asked] = ()) -> None:
        self.request = request
        self.read_only = read_only
        self.ahead = ahead
        self.context = ExitStack()

    def __enter__(self) -> Standing:
        request_id = uuid4()
        token = self.request.COOKIES.get(settings.SIGNIN_COOKIE, "")
        row, answers = _enter(hash_of(token) if token else "", request_id, self.read_only, self.ahead)
        self.request.actor, self.request.account_id, at = _actor(row)
        self.request.looks = []
        _give(self.request)
        standing = self.context.enter_context(stand(self.request.actor, at, request_id))
        self.context.enter_context(answered(answers, once=not self.read_only))
        return standing

    def __exit__(self, *problem: Any) -> None:
        self.context.__exit__(*problem)


def _give(request: DoorRequest) -> None:
    """Django made the request before the door: it learns here what a DoorRequest can do."""
    for gift in (DoorRequest.looked, DoorRequest.looked_in):
        setattr(request, gift.__name__, MethodType(gift, request))


class _OpenedByLink(_Opened):
    """The same for a link: its token is the whole of who asks."""

    def __init__(self, request: DoorRequest, token: str, *, read_only: bool) -> None:
        super().__init__(request, read_only=read_only)
        self.token = token

    def __enter__(self) -> Standing:
        request_id = uuid4()
        row, _none = _enter(kept_of(self.token), request_id, self.read_only, statement=_ENTER_LINK)
        at, kind, association, link, unit, unit_name, subject, _subject_id = row
        self.request.link_subject = subject or ""
        self.request.actor = Actor(
            Kind(kind), association_id=association, id=link, unit_id=unit, unit_name=unit_name or ""
        )
        self.request.account_id, self.request.looks = None, []
        return self.context.enter_context(stand(self.request.actor, at, request_id))


class _OpenedByCode(_OpenedByLink):
    """The same for a link that a code opens: its token, and what the browser got for the code."""

    def __enter__(self) -> Standing:
        request_id = uuid4()
        browser = self.request.COOKIES.get(OPENING_COOKIE, "")
        row, _none = _enter(
            kept_of(self.token),
            request_id,
            self.read_only,
            statement=_ENTER_OPENING,
            more=(kept_of(browser) if browser else "",),
        )
        at, kind, association, link, unit, unit_name, role = row
        self.request.actor = Actor(
            Kind(kind),
            association_id=association,
            id=link,
            unit_id=unit,
            unit_name=unit_name or "",
            role=role or "",
        )
        self.request.account_id, self.request.looks = None, []
        _give(self.request)
        return self.context.enter_context(stand(self.request.actor, at, request_id))


class _DeadConnection(Exception):
    """The connection died between pages. Nothing has been written on it yet, so once more is safe."""


_ANSWERS = Pace(30, seconds=60)
"""What may be sent by one link: a person who tries, changes her mind and tries again is well below it."""

_PREPARED = 400
"""So many statements a connection keeps planned: all the pages together have more than psycopg's hundred."""

_ENTER = "SELECT * FROM enter(%s, %s)"
_ENTER_LINK = "SELECT * FROM enter_link(%s, %s)"
_ENTER_OPENING = "SELECT * FROM enter_opening(%s, %s, %s)"
OPENING_COOKIE = "humla_opening"
"""What the browser that a code opened in carries for twenty minutes; it goes to that link's pages alone."""


def _enter(
    token_hash: str,
    request_id: UUID,
    read_only: bool,
    ahead: Sequence[Asked] = (),
    statement: str = _ENTER,
    more: tuple[str, ...] = (),
) -> tuple[tuple[Any, ...], Answers]:
    try:
        return _enter_once([token_hash, *more, request_id], read_only, ahead, statement)
    except (OperationalError, InterfaceError) as error:
        raise _DeadConnection from error


def _enter_once(
    words: Sequence[Any], read_only: bool, ahead: Sequence[Asked], statement: str
) -> tuple[tuple[Any, ...], Answers]:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw = connection.connection
        raw.prepared_max = _PREPARED
        with raw.pipeline(), raw.cursor() as cursor:
            cursor.execute(statement, words, prepare=True)
            if read_only:
                cursor_two = raw.cursor()
                cursor_two.execute("SAVEPOINT door")
                cursor_two.execute("SET TRANSACTION READ ONLY")
            # Behind the context and the savepoint: what is asked here sees what the page would see.
            sent = [(one, one[0].sent(one[1])) for one in ahead]
            row: tuple[Any, ...] = cursor.fetchone()
            return row, {one: answer.fetchall() for one, answer in sent}


def _actor(row: tuple[Any, ...]) -> tuple[Actor, UUID | None, Any]:
    (at, kind, association, actor, authority, unit, role, key, assignment, *rest) = row
    name, unit_name, authority_name, level, language, account = rest
    signed_in_only = kind == "none"
    return (
        Actor(
            kind=Kind.PUBLIC if signed_in_only else Kind(kind),
            association_id=association,
            id=actor,
            authority_id=authority,
            unit_id=unit,
            role=role or "",
            person_key=key or "",
            assignment_id=assignment,
            name=name or "",
            unit_name=unit_name or "",
            authority_name=authority_name or "",
            level=level or "",
            language=language or "",
        ),
        account,
        at,
    )


def _turned_away(request: DoorRequest, kinds: frozenset[Kind], needs_sign_in: bool) -> HttpResponse | None:
    """Nothing when the reader may come in; otherwise the page she gets instead."""
    if not needs_sign_in:
        return None
    actor = request.actor
    if request.account_id is None:
        if request.method == "POST":
            return errors.signed_out_meanwhile(request)
        return HttpResponseRedirect(reverse("sign_in"))
    if kinds == frozenset(Kind):
        return None
    if actor.kind is Kind.PUBLIC:
        return HttpResponseRedirect(reverse("choose_assignment"))
    if actor.kind not in kinds:
        raise Http404
    if request.method == "POST" and request.POST.get("acting_as") != str(actor.assignment_id or actor.id):
        return errors.other_assignment(request)
    return None


def _close_look(request: DoorRequest) -> None:
    """Lift the read-only savepoint, write what was shown and commit, in one round trip."""
    with connection.wrap_database_errors, connection.connection.pipeline(), connection.cursor() as cursor:
        cursor.execute("RELEASE SAVEPOINT door")
        for look in request.looks:
            look.write()
        if len(connection.atomic_blocks) == 1:
            # Django commits after us and finds it done. (A test's own transaction is not ours to end.)
            connection.connection.commit()


def _note_looks(request: DoorRequest) -> None:
    """A form that came back with errors shows the case too, and its transaction was rolled back."""
    if not request.looks:
        return
    shown = request.looks
    with transaction.atomic(durable=True), _Opened(request, read_only=False):
        for look in shown:
            look.write()


def _note_denied(request: DoorRequest, kwargs: dict[str, Any]) -> None:
    """The page rolled back with everything in it, so a refused look is written by itself."""
    if getattr(request, "account_id", None) is None:
        return
    sought = [(name, one, 0) for name, one in kwargs.items() if isinstance(one, UUID)]
    with transaction.atomic(durable=True), _Opened(request, read_only=False):
        record(Tag.LOOK_DENIED, items=sought, decision="denied")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _digest(request: HttpRequest) -> str:
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    # Keyed: a form may be a person number and nothing else, and a plain hash of one is the number itself.
    return lookup("submission", repr((request.path, fields)))
