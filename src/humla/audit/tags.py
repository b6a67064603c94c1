"""The vocabulary of the trail: `concept:thing:past_tense`, each with the sentence that the person reads.

A new verb gets its tag here first; `record()` refuses a word that is not in the list.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Tag(StrEnum):
    """Everything that can stand on the trail."""

    SIGNED_IN = "accounts:session:started"
    SIGNED_OUT = "accounts:session:ended"
    LOOK_DENIED = "cases:case:denied"
    CASE_READ = "cases:case:read"
    CASE_OPENED = "cases:case:opened"
    CASE_ASSIGNED = "cases:assignment:made"
    CASE_UNASSIGNED = "cases:assignment:ended"
    CASES_LISTED = "cases:list:read"
    PERSON_REGISTERED = "people:person:registered"
    PERSON_CHANGED = "people:person:changed"
    NUMBER_READ = "people:number:read"
    NUMBER_SOUGHT = "people:number:sought"
    NUMBER_CORRECTED = "people:number:corrected"
    PERSONS_LINKED = "people:link:made"
    PERSONS_UNLINKED = "people:link:undone"
    PLAN_CONSENT_GIVEN = "consents:plan:answered"
    CONSENT_GIVEN = "consents:consent:given"
    CONSENT_NARROWED = "consents:consent:narrowed"
    CONSENT_WITHDRAWN = "consents:consent:withdrawn"
    CONSENT_PREVIEWED = "consents:preview:read"
    PLAN_READ = "plans:plan:read"
    PLAN_CHANGED = "plans:plan:changed"
    PLAN_ADOPTED = "plans:plan:adopted"
    DOCUMENT_READ = "disclosures:document:read"
    DOCUMENT_PRINTED = "disclosures:document:printed"
    DOCUMENT_DISCLOSED = "disclosures:document:disclosed"
    ARRIVALS_LISTED = "disclosures:arrivals:read"
    OWN_PAGE_READ = "people:own_page:read"
    AGREEMENT_READ = "agreements:agreement:read"
    AGREEMENT_SIGNED = "agreements:agreement:signed"
    ORGANISATION_LOADED = "organisation:file:loaded"


SENTENCES: dict[Tag, str | Promise] = {
    Tag.SIGNED_IN: _("loggade in"),
    Tag.SIGNED_OUT: _("loggade ut"),
    Tag.LOOK_DENIED: _("försökte öppna något men fick nej"),
    Tag.CASE_READ: _("öppnade ditt ärende"),
    Tag.CASE_OPENED: _("startade ditt ärende"),
    Tag.CASE_ASSIGNED: _("lade till en medarbetare i ditt ärende"),
    Tag.CASE_UNASSIGNED: _("tog bort en medarbetare ur ditt ärende"),
    Tag.CASES_LISTED: _("såg sin lista över ärenden"),
    Tag.PERSON_REGISTERED: _("skrev in dina uppgifter"),
    Tag.PERSON_CHANGED: _("ändrade dina uppgifter"),
    Tag.NUMBER_READ: _("visade hela ditt personnummer"),
    Tag.NUMBER_SOUGHT: _("sökte på ett personnummer"),
    Tag.NUMBER_CORRECTED: _("rättade ditt personnummer"),
    Tag.PERSONS_LINKED: _("kopplade ihop två registreringar av dig"),
    Tag.PERSONS_UNLINKED: _("tog isär två registreringar av dig"),
    Tag.PLAN_CONSENT_GIVEN: _("skrev ner ditt svar om att göra en plan"),
    Tag.CONSENT_GIVEN: _("skrev ner ditt samtycke"),
    Tag.CONSENT_NARROWED: _("begränsade ditt samtycke"),
    Tag.CONSENT_WITHDRAWN: _("tog tillbaka ditt samtycke"),
    Tag.CONSENT_PREVIEWED: _("förhandsgranskade vad en mottagare får se"),
    Tag.PLAN_READ: _("läste planen"),
    Tag.PLAN_CHANGED: _("ändrade planen"),
    Tag.PLAN_ADOPTED: _("fastställde planen"),
    Tag.DOCUMENT_READ: _("läste din plan"),
    Tag.DOCUMENT_PRINTED: _("hämtade din plan som pdf"),
    Tag.DOCUMENT_DISCLOSED: _("lämnade ut din plan"),
    Tag.ARRIVALS_LISTED: _("såg att något hade kommit till enheten"),
    Tag.OWN_PAGE_READ: _("du öppnade din egen sida"),
    Tag.AGREEMENT_READ: _("läste överenskommelsen"),
    Tag.AGREEMENT_SIGNED: _("skrev under överenskommelsen"),
    Tag.ORGANISATION_LOADED: _("läste in organisationen från fil"),
}

LOOKS = frozenset(
    {
        Tag.CASE_READ,
        Tag.NUMBER_READ,
        Tag.PLAN_READ,
        Tag.DOCUMENT_READ,
        Tag.DOCUMENT_PRINTED,
        Tag.CONSENT_PREVIEWED,
    }
)
"""The tags that count as somebody having looked, on the person's own page."""
