"""The five people that every test is about, and the förbund around them.

Siv (SIP-samordnare, leads), Amir (arbetsförmedlare, consented), Lena (psykiatrin, not consented), Nils
(another municipality) and Eva (the person); beside them Farid (Försäkringskassan), Maja (Siv's colleague),
Ylva (the manager of their unit), Rut (log reviewer of their authority), Greta (förbundschef), Olof
(administrator) and Vera (vårdcentralen, the same authority as Lena's clinic but not the same unit). Another
förbund stands beside with clashing names, so that a forgotten tenant shows.
"""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from humla.accounts.models import Account, Identity
from humla.accounts.tokens import identity_seal
from humla.agreements.models import (
    AgreementParty,
    Duty,
    InitiatingProfession,
    LawReference,
    LifeArea,
    LocalAgreement,
    NeedsGroup,
)
from humla.core.context import Actor
from humla.ops.cases_file import actor_of
from humla.ops.identity_provider import DEMO_ISSUER
from humla.organisation.models import (
    Association,
    Authority,
    Party,
    PartyKind,
    Profession,
    Professional,
    Role,
    Unit,
    UnitAssignment,
)

SINCE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
AF_MAIL = "postlada@af.example"
"""Where Arbetsförmedlingen's notices go. Vera's and Nils's units have no mailbox: they are told on paper."""

EVA = "198606112384"
"""Eva Ek's number, from Skatteverket's published test series (data/testnummer.txt)."""

CLINIC_PHONE = "070-174 06 40"
"""Where the codes of Lena's clinic go: only it has a telephone for them."""

_HSL = "16 kap. 4 § hälso- och sjukvårdslagen (2017:30)"
AREAS = ["Försörjning", "Boende", "Arbete och sysselsättning", "Utbildning", "Familj och nätverk", "Hälsa"]


@dataclass
class Cast:
    """Everybody, by first name; and what they belong to."""

    association: Association
    agreement: LocalAgreement
    siv: Actor
    maja: Actor
    ylva: Actor
    rut: Actor
    amir: Actor
    farid: Actor
    lena: Actor
    vera: Actor
    nils: Actor
    greta: Actor
    olof: Actor
    stranger: Actor
    accounts: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    eva: str = EVA


def _unit(
    association: Association, kind: PartyKind, party: str, authority: str, unit: str, mail: str = ""
) -> Unit:
    the_party, _ = Party.objects.get_or_create(association=association, kind=kind, name=party)
    the_authority, _ = Authority.objects.get_or_create(
        association=association, party=the_party, name=authority
    )
    return Unit.objects.create(association=association, authority=the_authority, name=unit, mail=mail)


def _somebody(unit: Unit, name: str, profession: str, role: Role) -> None:
    the_profession, _ = Profession.objects.get_or_create(association_id=unit.association_id, name=profession)
    account = Account.objects.create()
    subject = f"{name.split()[0].lower()}@{unit.association.short_name}"
    seal = identity_seal(DEMO_ISSUER, subject, account.pk)
    Identity.objects.create(account=account, issuer=DEMO_ISSUER, subject=subject, seal=seal)
    professional = Professional.objects.create(
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        account=account,
        profession=the_profession,
        name=name,
    )
    UnitAssignment.objects.create(
        association_id=unit.association_id, professional=professional, unit=unit, role=role, starts_at=SINCE
    )


def seed() -> None:
    """Write the cast, as owner, into the template database; each test's clone has it for free."""
    home = Association.objects.create(name="Samordningsförbundet Humledalen", short_name="humledalen")
    kommun, region = PartyKind.MUNICIPALITY, PartyKind.REGION
    siv = _unit(
        home, kommun, "Humlesunds kommun", "Individ- och arbetsmarknadsnämnden", "Arbetsmarknadstorget"
    )
    af, fk = "Arbetsförmedlingen", "Försäkringskassan"
    amir = _unit(home, PartyKind.EMPLOYMENT_SERVICE, af, af, "AF Humlesund", AF_MAIL)
    farid = _unit(home, PartyKind.SOCIAL_INSURANCE, fk, fk, "FK Humlesund", "postlada@fk.example")
    lena = _unit(
        home, region, "Region Humleland", "Region Humleland", "Psykiatrin Humlesund", "psyk@region.example"
    )
    lena.code_phone = CLINIC_PHONE
    lena.save(update_fields=["code_phone"])
    vera = _unit(home, region, "Region Humleland", "Region Humleland", "Vårdcentralen Humlesund")
    nils = _unit(home, kommun, "Vassviks kommun", "Socialnämnden", "Ekonomiskt bistånd")
    office = _unit(home, PartyKind.ASSOCIATION, home.name, home.name, "Kansliet")
    _somebody(siv, "Siv Sandberg", "SIP-samordnare", Role.COORDINATOR)
    _somebody(siv, "Maja Moberg", "socialsekreterare", Role.HANDLER)
    _somebody(siv, "Ylva Yxell", "SIP-samordnare", Role.MANAGER)
    _somebody(siv, "Rut Rask", "SIP-samordnare", Role.LOG_REVIEWER)
    _somebody(amir, "Amir Haddad", "arbetsförmedlare", Role.RECEIVER)
    _somebody(farid, "Farid Rahimi", "handläggare", Role.RECEIVER)
    _somebody(lena, "Lena Lind", "rehabkoordinator", Role.RECEIVER)
    _somebody(vera, "Vera Vik", "distriktssköterska", Role.RECEIVER)
    _somebody(nils, "Nils Nyman", "socialsekreterare", Role.HANDLER)
    _somebody(office, "Greta Grahn", "förbundschef", Role.ASSOCIATION)
    _somebody(office, "Olof Ohlin", "administratör", Role.ADMINISTRATOR)
    _agree(home, signed=True)
    away = Association.objects.create(name="Samordningsförbundet Ljunghed", short_name="ljunghed")
    theirs = _unit(
        away, kommun, "Humlesunds kommun", "Individ- och arbetsmarknadsnämnden", "Arbetsmarknadstorget"
    )
    _somebody(theirs, "Siv Sandberg", "SIP-samordnare", Role.COORDINATOR)
    _agree(away, signed=False)


def _agree(association: Association, *, signed: bool) -> None:
    agreement = LocalAgreement.objects.create(
        association=association,
        title="Lokal överenskommelse om SAMSIP",
        target_group="Alla från 16 år som behöver samordning mellan minst två parter.",
        from_age=16,
        starts_on=datetime.date(2025, 1, 1),
        ends_on=datetime.date(2028, 12, 31),
        renewal_decided_by=datetime.date(2028, 9, 30),
        answer_days=5,
        meeting_days=21,
        follow_up_months=3,
        reminder_days=2,
    )
    for party in Party.objects.filter(association=association).exclude(kind=PartyKind.ASSOCIATION):
        AgreementParty.objects.create(
            association=association,
            agreement=agreement,
            party=party,
            duty=Duty.OBLIGED,
            signed_on=datetime.date(2024, 12, 1) if signed else None,
            signed_by="Chef Cederlund" if signed else "",
        )
    for profession in Profession.objects.filter(association=association).exclude(name="arbetsförmedlare"):
        InitiatingProfession.objects.create(
            association=association, agreement=agreement, profession=profession
        )
    for position, name in enumerate(AREAS):
        LifeArea.objects.create(association=association, agreement=agreement, name=name, position=position)
    NeedsGroup.objects.create(association=association, agreement=agreement, name="unga vuxna", position=0)
    for subject, text in {
        "plan": f"10 kap. 8 § socialtjänstlagen (2025:400) och {_HSL}",
        "plan_content": f"10 kap. 9 § socialtjänstlagen (2025:400) och {_HSL}",
        "consent": "10 kap. 1 § och 12 kap. 2 § offentlighets- och sekretesslagen (2009:400)",
    }.items():
        LawReference.objects.create(association=association, agreement=agreement, subject=subject, text=text)


def gather() -> Cast:
    """The cast as it stands in the database; asked as owner, since no context sees it all."""
    found: dict[tuple[str, str], Actor] = {}
    accounts: dict[uuid.UUID, uuid.UUID] = {}
    rows: Any = UnitAssignment.objects.select_related("professional", "unit__authority", "association")
    for one in rows:
        accounts[one.professional_id] = one.professional.account_id
        found[one.association.short_name, one.professional.name.split()[0].lower()] = actor_of(one)
    people = {name: actor for (tenant, name), actor in found.items() if tenant == "humledalen"}
    home = Association.objects.get(short_name="humledalen")
    units = {
        unit.pk: unit for unit in Unit.objects.select_related("authority__party").filter(association=home)
    }
    return Cast(
        association=home,
        agreement=LocalAgreement.objects.get(association=home),
        stranger=found["ljunghed", "siv"],
        accounts=accounts,
        units={name: units[actor.unit_id] for name, actor in people.items() if actor.unit_id},
        parties={party.name: party for party in Party.objects.filter(association=home)},
        **people,
    )
