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
    CASE_RESTED = "cases:case:rested"
    CASE_WOKEN = "cases:case:woken"
    CASE_HANDED_OVER = "cases:case:handed_over"
    INITIATION_CORRECTED = "cases:initiation:corrected"
    NOTES_READ = "cases:notes:read"
    NOTE_WRITTEN = "cases:note:written"
    CONSULTATION_REGISTERED = "consultations:consultation:registered"
    CONSULTATION_CHANGED = "consultations:consultation:changed"
    CONSULTATIONS_LISTED = "consultations:list:read"
    MEETING_READ = "meetings:meeting:read"
    MEETING_PLANNED = "meetings:meeting:planned"
    MEETING_CHANGED = "meetings:meeting:changed"
    MEETING_MOVED = "meetings:meeting:moved"
    MEETING_CANCELLED = "meetings:meeting:cancelled"
    MEETING_HELD = "meetings:meeting:held"
    ATTENDANCE_CORRECTED = "meetings:attendance:corrected"
    SUMMONS_SENT = "meetings:summons:sent"
    SUMMONS_READ = "meetings:summons:read"
    SUMMONS_UNDONE = "meetings:summons:undone"
    SUMMONS_CANCELLED = "meetings:summons:cancelled"
    SUMMONS_ANSWERED = "meetings:summons:answered"
    PREPARATION_READ = "meetings:preparation:read"
    PREPARATION_KEPT = "meetings:preparation:kept"
    PREPARATION_HANDED_IN = "meetings:preparation:handed_in"
    DISCLOSURE_UNDONE = "disclosures:disclosure:undone"
    LEAD_OFFERED = "plans:lead:offered"
    LEAD_TAKEN_OVER = "plans:lead:taken_over"
    LEAD_DECLINED = "plans:lead:declined"
    LEAD_TAKEN_BACK = "plans:lead:taken_back"
    PROGRESS_REPORTED = "followups:progress:reported"
    FOLLOW_UP_READ = "followups:follow_up:read"
    FOLLOW_UP_BEGUN = "followups:follow_up:begun"
    FOLLOW_UP_CHANGED = "followups:follow_up:changed"
    FOLLOW_UP_DONE = "followups:follow_up:done"
    CASE_CLOSED = "followups:case:closed"
    CASE_REOPENED = "followups:case:reopened"
    CLOSING_READ = "followups:closing:read"
    FORM_PRINTED = "cases:form:printed"
    TODAY_READ = "followups:today:read"
    CASELOAD_READ = "cases:caseload:read"
    NOTICES_LISTED = "notifications:list:read"
    NOTICE_RETRIED = "notifications:notice:retried"
    OWN_PAGE_READ = "people:own_page:read"
    AGREEMENT_READ = "agreements:agreement:read"
    AGREEMENT_SIGNED = "agreements:agreement:signed"
    GROUND_WRITTEN = "agreements:ground:written"
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
    Tag.DOCUMENT_PRINTED: _("tog en kopia av din plan"),
    Tag.DOCUMENT_DISCLOSED: _("lämnade ut en handling om dig"),
    Tag.ARRIVALS_LISTED: _("såg att något hade kommit till enheten"),
    Tag.CASE_RESTED: _("lät ditt ärende vila"),
    Tag.CASE_WOKEN: _("tog upp ditt ärende igen"),
    Tag.CASE_HANDED_OVER: _("lämnade över ansvaret för ditt ärende till en kollega"),
    Tag.INITIATION_CORRECTED: _("rättade hur ditt ärende började"),
    Tag.NOTES_READ: _("läste enhetens egna anteckningar"),
    Tag.NOTE_WRITTEN: _("skrev en egen anteckning"),
    Tag.CONSULTATION_REGISTERED: _("skrev in en konsultation"),
    Tag.CONSULTATION_CHANGED: _("rättade en konsultation"),
    Tag.CONSULTATIONS_LISTED: _("såg listan över konsultationer"),
    Tag.MEETING_READ: _("läste om ditt möte"),
    Tag.MEETING_PLANNED: _("planerade ett möte med dig"),
    Tag.MEETING_CHANGED: _("ändrade ett möte"),
    Tag.MEETING_MOVED: _("flyttade ett möte"),
    Tag.MEETING_CANCELLED: _("ställde in ett möte"),
    Tag.MEETING_HELD: _("skrev in vilka som var på mötet"),
    Tag.ATTENDANCE_CORRECTED: _("rättade vilka som var på mötet"),
    Tag.SUMMONS_SENT: _("kallade till ett möte"),
    Tag.SUMMONS_READ: _("läste en kallelse till ditt möte"),
    Tag.SUMMONS_UNDONE: _("ångrade en kallelse innan den skickades"),
    Tag.SUMMONS_CANCELLED: _("tog tillbaka en kallelse"),
    Tag.SUMMONS_ANSWERED: _("svarade på en kallelse"),
    Tag.PREPARATION_READ: _("läste det du ville säga inför mötet"),
    Tag.PREPARATION_KEPT: _("du skrev inför mötet"),
    Tag.PREPARATION_HANDED_IN: _("lämnade in det du ville säga inför mötet"),
    Tag.DISCLOSURE_UNDONE: _("ångrade ett utlämnande innan det skickades"),
    Tag.LEAD_OFFERED: _("frågade en annan myndighet om att ta över ledningen av din plan"),
    Tag.LEAD_TAKEN_OVER: _("tog över ledningen av din plan"),
    Tag.LEAD_DECLINED: _("tackade nej till att ta över ledningen av din plan"),
    Tag.LEAD_TAKEN_BACK: _("tog tillbaka frågan om att ta över ledningen"),
    Tag.PROGRESS_REPORTED: _("sa hur det går med ett åtagande i din plan"),
    Tag.FOLLOW_UP_READ: _("läste en uppföljning av din plan"),
    Tag.FOLLOW_UP_BEGUN: _("började följa upp din plan"),
    Tag.FOLLOW_UP_CHANGED: _("skrev i uppföljningen av din plan"),
    Tag.FOLLOW_UP_DONE: _("blev klar med uppföljningen av din plan"),
    Tag.CASE_CLOSED: _("avslutade ditt ärende"),
    Tag.CASE_REOPENED: _("öppnade ditt ärende igen"),
    Tag.CLOSING_READ: _("läste hur ditt ärende avslutades"),
    Tag.FORM_PRINTED: _("skrev ut en blankett om dig"),
    Tag.TODAY_READ: _("såg vad som ska göras i ditt ärende"),
    Tag.CASELOAD_READ: _("såg vilka ärenden enheten ansvarar för"),
    Tag.NOTICES_LISTED: _("såg vilka aviseringar som har skickats"),
    Tag.NOTICE_RETRIED: _("skickade en avisering igen"),
    Tag.OWN_PAGE_READ: _("du öppnade din egen sida"),
    Tag.AGREEMENT_READ: _("läste överenskommelsen"),
    Tag.AGREEMENT_SIGNED: _("skrev under överenskommelsen"),
    Tag.GROUND_WRITTEN: _("skrev om en rättslig grund"),
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
        Tag.MEETING_READ,
        Tag.SUMMONS_READ,
        Tag.PREPARATION_READ,
        Tag.FOLLOW_UP_READ,
        Tag.CLOSING_READ,
        Tag.FORM_PRINTED,
        Tag.NOTES_READ,
        Tag.TODAY_READ,
    }
)
"""The tags that count as somebody having looked, on the person's own page."""
