"""The door: every page passes it, in one transaction with one context.

A look: [begin, enter, savepoint, read only] in one round trip, the page rendered completely, then
[release, the trail, commit] and only then the first byte. A deed: the same opening, the form's own key
so that a double click has one effect, and a commit only when the page answers with a redirect.

Here: who may come to which kind of page, and how. Not here: what they may see (rules, walls).
"""

import hashlib
from collections.abc import Callable, Iterable
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
from humla.cases.visibility import case_seen
from humla.core.context import Actor, Kind, Standing, stand
from humla.core.rulings import NotAllowed
from humla.drafts.actions import KeyUsedForOther, finish_submission, start_submission
from humla.web import errors

P = ParamSpec("P")


class DoorRequest(HttpRequest):
    """A request inside the door: it knows who acts, and what has been shown so far."""

    actor: Actor
    account_id: UUID | None
    looks: "list[Look]"

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


View = Callable[Concatenate[DoorRequest, P], HttpResponse]
DjangoView = Callable[..., HttpResponse]


def public_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for anybody, signed in or not."""
    return _page(frozenset(Kind), methods, needs_sign_in=False)


def signed_in_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for anybody who has signed in, also before choosing whom to act for."""
    # Choosing whom to act for changes who the key belongs to, and choosing twice is choosing once: no key.
    return _page(frozenset(Kind), methods, needs_sign_in=True, once=False)


def staff_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], DjangoView]:
    """A page for professionals."""
    return _page(frozenset({Kind.PROFESSIONAL}), methods)


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


def case_page(
    *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[Concatenate[DoorRequest, Case, P], HttpResponse]], DjangoView]:
    """A professional's page about one case. The case is fetched here; one that may not be seen is absent."""

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

        through: DjangoView = _page(frozenset({Kind.PROFESSIONAL}), methods)(cast(Any, with_case))
        return through

    return wrap


def note(tag: Tag, *, token: str) -> None:
    """Write one line on the trail for a session that came to be outside the door (a sign-in)."""
    request_id = uuid4()
    with transaction.atomic(durable=True):
        actor, account_id, at = _actor(_enter(hash_of(token), request_id, read_only=False))
        with stand(actor, at, request_id):
            record(tag, items=[("account", account_id, 0)] if account_id else [])


def _page(
    kinds: frozenset[Kind], methods: tuple[str, ...], *, needs_sign_in: bool = True, once: bool = True
) -> Callable[[View[P]], DjangoView]:
    def wrap(view: View[P]) -> DjangoView:
        @wraps(view)
        def through(request: DoorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else str(request.method)
            if method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return walk(request, method, args, kwargs)
            except _DeadConnection:
                connection.close()
                return walk(request, method, args, kwargs)

        def walk(request: DoorRequest, method: str, args: Any, kwargs: Any) -> HttpResponse:
            if method == "GET":
                return _look(request, view, args, kwargs, kinds, needs_sign_in)
            return _deed(request, view, args, kwargs, kinds, needs_sign_in, once)

        through.door_kinds = kinds if needs_sign_in else None  # type: ignore[attr-defined]
        through.door_methods = methods  # type: ignore[attr-defined]
        return through

    return wrap


def _look(
    request: DoorRequest, view: Any, args: Any, kwargs: Any, kinds: frozenset[Kind], needs_sign_in: bool
) -> HttpResponse:
    try:
        with transaction.atomic(durable=True), _Opened(request, read_only=True):
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
) -> HttpResponse:
    try:
        with transaction.atomic(durable=True), _Opened(request, read_only=False):
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
    finish_submission(key, answer=response["Location"])
    with connection.cursor() as cursor:
        # Django's foreign keys are checked at commit, outside the action; here the error still has a place.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return response


class _Opened:
    """Open the context in the transaction just begun."""

    def __init__(self, request: DoorRequest, *, read_only: bool) -> None:
        self.request = request
        self.read_only = read_only

    def __enter__(self) -> Standing:
        request_id = uuid4()
        token = self.request.COOKIES.get(settings.SIGNIN_COOKIE, "")
        row = _enter(hash_of(token) if token else "", request_id, self.read_only)
        self.request.actor, self.request.account_id, at = _actor(row)
        self.request.looks = []
        # Django made the request before the door: it learns here what a DoorRequest can do.
        for gift in (DoorRequest.looked, DoorRequest.looked_in):
            setattr(self.request, gift.__name__, MethodType(gift, self.request))
        self.standing = stand(self.request.actor, at, request_id)
        return self.standing.__enter__()

    def __exit__(self, *problem: Any) -> None:
        self.standing.__exit__(*problem)


class _DeadConnection(Exception):
    """The connection died between pages. Nothing has been asked of it yet, so once more is safe."""


def _enter(token_hash: str, request_id: UUID, read_only: bool) -> tuple[Any, ...]:
    try:
        return _enter_once(token_hash, request_id, read_only)
    except (OperationalError, InterfaceError) as error:
        raise _DeadConnection from error


def _enter_once(token_hash: str, request_id: UUID, read_only: bool) -> tuple[Any, ...]:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw = connection.connection
        with raw.pipeline(), raw.cursor() as cursor:
            cursor.execute("SELECT * FROM enter(%s, %s)", [token_hash, request_id], prepare=True)
            if read_only:
                cursor_two = raw.cursor()
                cursor_two.execute("SAVEPOINT door")
                cursor_two.execute("SET TRANSACTION READ ONLY")
            row: tuple[Any, ...] = cursor.fetchone()
    return row


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
    """Lift the read-only savepoint and write what was shown, in one round trip; the commit follows."""
    with connection.wrap_database_errors, connection.connection.pipeline(), connection.cursor() as cursor:
        cursor.execute("RELEASE SAVEPOINT door")
        for look in request.looks:
            look.write()


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
    return hashlib.sha256(repr((request.path, fields)).encode()).hexdigest()
