"""What an identity provider says about somebody, and whether it may be believed.

Lives here: the checks of an answer (signature, issuer, audience, time, nonce, subject, level) and what is
left of it afterwards. Not here: the flow that fetched it (`provider.py`), the account it opens
(`actions.py`), the sentences shown to who was refused (web).

allauth relies on TLS to the token endpoint: it neither checks the id_token's signature on the code flow, nor
sends a nonce, nor compares the two subjects it is given (version 65.21). Each of these is checked here. The
person number is turned into its keyed hash at once, so no other module ever holds it.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from humla.core import dates, numbers, secrets

#: Never HS256: whoever knows the public key could then sign with it.
ALGORITHMS = ["ES256", "RS256", "PS256"]
#: How old an identification may be, in seconds. Asked for as max_age, so that a colleague who walks up to an
#: open browser cannot ride on the identification that somebody made an hour ago.
FRESHNESS = 300
LEEWAY = 30
#: The Swedish OpenID Connect profile gives a samordningsnummer another claim than a personnummer.
COORDINATION_CLAIM = "https://id.oidc.se/claim/coordinationNumber"


class Reason(Enum):
    """Why somebody was not let in. Never tells more than the person needs: no claim, no subject."""

    CANCELLED = "cancelled"  # the person turned back at the provider
    STALE = "stale"  # the answer does not belong to a sign-in this browser has going
    UNREACHABLE = "unreachable"  # the provider did not answer, or said that it failed
    UNPROVEN = "unproven"  # the answer does not hold
    LEVEL = "level"  # an e-legitimation below the level that is asked for
    CLOSED = "closed"  # the account has been closed


class SignInRefused(Exception):
    """Nobody was signed in, nothing was stored. `detail` is for the technical log: which check, no values."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Evidence:
    """The provider's answer as it came: unproven, and never to be stored or logged."""

    id_token: str = field(repr=False)
    userinfo: dict[str, Any] = field(repr=False)
    keys: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer must say to be an answer to our question."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    #: What the provider may call the levels we accept, and our word for each.
    levels: dict[str, str]
    #: The claim that holds a personnummer; a samordningsnummer has its own (COORDINATION_CLAIM).
    number_claim: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is left of an answer that held."""

    issuer: str
    subject: str
    level: str
    person_key: str = field(repr=False)


def examine(evidence: Evidence, expected: Expected) -> Proof:
    """The proof an answer amounts to; raises `SignInRefused` when any check fails."""
    claims = _signed_claims(evidence, expected)
    _belongs_to_us(claims, expected)
    if evidence.userinfo.get("sub") != claims["sub"]:
        # Mixed answers: one person's token with another's userinfo (OpenID Connect Core 5.3.2).
        raise SignInRefused(Reason.UNPROVEN, "sub differs between id_token and userinfo")
    level = expected.levels.get(str(claims.get("acr", "")))
    if level is None:
        raise SignInRefused(Reason.LEVEL)
    return Proof(
        issuer=expected.issuer,
        subject=claims["sub"],
        level=level,
        person_key=_person_key({**evidence.userinfo, **claims}, expected.number_claim),
    )


def _signed_claims(evidence: Evidence, expected: Expected) -> dict[str, Any]:
    try:
        token = jwt.decode(evidence.id_token, KeySet.import_key_set(evidence.keys), algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignInRefused(Reason.UNPROVEN, f"id_token: {type(error).__name__}") from None
    claims: dict[str, Any] = token.claims
    return claims


def _belongs_to_us(claims: dict[str, Any], expected: Expected) -> None:
    now = int(dates.now().timestamp())
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        nonce={"essential": True, "value": expected.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        auth_time={"essential": True},
    )
    try:
        rules.validate(claims)
    except JoseError as error:
        raise SignInRefused(Reason.UNPROVEN, f"id_token: {error}") from None
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != expected.client_id:
        raise SignInRefused(Reason.UNPROVEN, "azp")
    if not claims["sub"] or len(claims["sub"]) > 255:
        raise SignInRefused(Reason.UNPROVEN, "sub")
    if not isinstance(claims["auth_time"], int) or claims["auth_time"] < now - FRESHNESS - LEEWAY:
        raise SignInRefused(Reason.UNPROVEN, "auth_time")


def _person_key(claims: dict[str, Any], number_claim: str) -> str:
    """The keyed hash of the number the issuer vouches for; empty when it vouches for none."""
    written = claims.get(number_claim) or claims.get(COORDINATION_CLAIM)
    if not written:
        return ""
    try:
        return secrets.person_key(numbers.parse(str(written), dates.today()).digits12)
    except numbers.NotANumber:
        raise SignInRefused(Reason.UNPROVEN, "person number") from None
