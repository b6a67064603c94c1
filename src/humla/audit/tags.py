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
    SIGNED_OUT_ELSEWHERE = "accounts:session:ended_elsewhere"
    SIGNED_OUT_BY_OTHER = "accounts:session:ended_by_other"
    LOOK_DENIED = "cases:case:denied"
    CASE_READ = "cases:case:read"
    CASE_OPENED = "cases:case:opened"
    CASE_ASSIGNED = "cases:assignment:made"
    CASE_UNASSIGNED = "cases:assignment:ended"
    CASES_LISTED = "cases:list:read"
    CASES_EXPORTED = "cases:list:exported"
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
    CONSENT_ASKED = "consents:request:asked"
    CONSENT_ANSWERED = "consents:request:answered"
    CONSENT_ASKED_BACK = "consents:request:taken_back"
    KEPT_AWAY = "consents:kept_away:added"
    KEPT_AWAY_ENDED = "consents:kept_away:ended"
    SURVEY_ANSWERED = "consents:survey:answered"
    SURVEY_WITHDRAWN = "consents:survey:withdrawn"
    PAPER_SCANNED = "consents:paper:scanned"
    PAPER_READ = "consents:paper:read"
    PAPER_REMOVED = "consents:paper:removed"
    WORDING_WRITTEN = "consents:wording:written"
    WORDING_REVIEWED = "consents:wording:reviewed"
    WORDING_ENDED = "consents:wording:ended"
    PLAN_READ = "plans:plan:read"
    PLAN_CHANGED = "plans:plan:changed"
    PLAN_ADOPTED = "plans:plan:adopted"
    DOCUMENT_READ = "disclosures:document:read"
    DOCUMENT_PRINTED = "disclosures:document:printed"
    DOCUMENT_DISCLOSED = "disclosures:document:disclosed"
    ARRIVALS_LISTED = "disclosures:arrivals:read"
    PERSON_PROTECTED = "protection:marking:set"
    UNPROTECTING_ASKED = "protection:marking:removal_asked"
    UNPROTECTING_REFUSED = "protection:marking:kept"
    PERSON_UNPROTECTED = "protection:marking:removed"
    CLEARANCE_GIVEN = "protection:clearance:given"
    CLEARANCE_ENDED = "protection:clearance:ended"
    PROTECTED_CONTACT_READ = "protection:contact:read"
    PROTECTED_CONTACT_WRITTEN = "protection:contact:written"
    PROTECTION_READ = "protection:marking:read"
    GUARDED_CASES_READ = "protection:list:read"
    PLACE_APPROVED = "meetings:place:approved"
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
    SUMMONS_FORWARDED = "meetings:summons:forwarded"
    TIMES_READ = "scheduling:offer:read"
    TIMES_OFFERED = "scheduling:offer:made"
    TIMES_CHANGED = "scheduling:offer:changed"
    TIMES_ANSWERED = "scheduling:offer:answered"
    TIMES_SETTLED = "scheduling:offer:settled"
    TIMES_WITHDRAWN = "scheduling:offer:withdrawn"
    EVIDENCE_READ = "evidence:list:read"
    EVIDENCE_ASKED = "evidence:request:sent"
    EVIDENCE_CHANGED = "evidence:request:changed"
    EVIDENCE_NOTED = "evidence:answer:noted"
    EVIDENCE_ANSWERED = "evidence:answer:given"
    EVIDENCE_WITHDRAWN = "evidence:request:withdrawn"
    LETTERS_LISTED = "letters:list:read"
    LETTERS_PRINTED = "letters:letter:printed"
    LETTER_ADDRESSED = "letters:addressee:written"
    LETTER_QUEUED = "letters:letter:queued"
    LETTER_SENT = "letters:letter:sent"
    LETTER_TAKEN_BACK = "letters:letter:taken_back"
    PREPARATION_READ = "meetings:preparation:read"
    PREPARATION_KEPT = "meetings:preparation:kept"
    PREPARATION_HANDED_IN = "meetings:preparation:handed_in"
    DISCLOSURE_UNDONE = "disclosures:disclosure:undone"
    DISCLOSURE_RECALLED = "disclosures:disclosure:recalled"
    DOCUMENT_RECEIVED = "disclosures:document:received"
    COPIES_LISTED = "disclosures:copies:read"
    COPY_READ = "disclosures:copy:read"
    COPY_ARCHIVED = "disclosures:copy:archived"
    COPY_TAKEN_BACK = "disclosures:copy:unarchived"
    CODE_ASKED = "links:code:asked"
    CODE_WRONG = "links:code:wrong"
    LINK_OPENED = "links:link:opened"
    LINK_READ = "links:link:read"
    REPLY_WRITTEN = "disclosures:reply:written"
    LEAD_OFFERED = "plans:lead:offered"
    LEAD_TAKEN_OVER = "plans:lead:taken_over"
    LEAD_DECLINED = "plans:lead:declined"
    LEAD_TAKEN_BACK = "plans:lead:taken_back"
    PROGRESS_REPORTED = "followups:progress:reported"
    FOLLOW_UP_READ = "followups:follow_up:read"
    FOLLOW_UP_BEGUN = "followups:follow_up:begun"
    FOLLOW_UP_CHANGED = "followups:follow_up:changed"
    FOLLOW_UP_DONE = "followups:follow_up:done"
    FOLLOW_UP_REMOVED = "followups:follow_up:removed"
    FOLLOW_UP_RESTORED = "followups:follow_up:restored"
    CASE_CLOSED = "followups:case:closed"
    CASE_REOPENED = "followups:case:reopened"
    CLOSING_READ = "followups:closing:read"
    MANDATES_READ = "representatives:mandates:read"
    MANDATE_ATTESTED = "representatives:mandate:attested"
    MANDATE_ENDED = "representatives:mandate:ended"
    MANDATE_OBJECTED = "representatives:mandate:objected"
    MANDATE_LET_STAND = "representatives:mandate:let_stand"
    WITHHELD = "representatives:withheld:made"
    WITHHOLDING_UNDONE = "representatives:withheld:undone"
    GUARDIAN_POLICY_WRITTEN = "representatives:policy:written"
    REPRESENTED_PAGE_READ = "representatives:page:read"
    REPRESENTED_PLAN_READ = "representatives:plan:read"
    FORM_PRINTED = "cases:form:printed"
    TODAY_READ = "followups:today:read"
    CASELOAD_READ = "cases:caseload:read"
    NOTICES_LISTED = "notifications:list:read"
    NOTICE_RETRIED = "notifications:notice:retried"
    REMINDER_QUEUED = "notifications:reminder:queued"
    REMINDED = "notifications:reminder:sent"
    REMINDERS_STOPPED = "notifications:reminders:stopped"
    REMINDERS_RESUMED = "notifications:reminders:resumed"
    DELIVERY_READ = "notifications:delivery:read"
    DELIVERY_CHOSEN = "notifications:delivery:chosen"
    OWN_PAGE_READ = "people:own_page:read"
    ACCESS_ASKED = "access:request:sent"
    ACCESS_REQUESTS_READ = "access:requests:read"
    ACCESS_GRANTED = "access:request:granted"
    ACCESS_DECLINED = "access:request:declined"
    ACCESS_SPOKEN_OF = "access:request:spoken_of"
    MANAGER_OPENED = "access:opening:made"
    LOG_READ = "access:log:read"
    LOG_REVIEWED = "access:review:written"
    LOOK_QUESTIONED = "access:question:asked"
    LOOK_QUESTION_TAKEN_BACK = "access:question:taken_back"
    LOOK_QUESTIONS_READ = "access:questions:read"
    LOOK_ANSWERED = "access:question:answered"
    OPENNESS_SET = "access:openness:set"
    REQUEST_SENT = "initiations:request:sent"
    REQUEST_CHANGED = "initiations:request:changed"
    REQUEST_REMINDED = "initiations:request:reminded"
    REQUEST_TAKEN_BACK = "initiations:request:taken_back"
    REQUEST_PASSED_ON = "initiations:request:passed_on"
    REQUEST_TAKEN_OVER = "initiations:request:taken_over"
    REQUEST_DECLINED = "initiations:request:declined"
    REQUEST_THROWN = "initiations:request:thrown"
    REQUEST_UNDONE = "initiations:request:undone"
    REQUEST_TIED = "initiations:request:tied"
    REQUEST_READ = "initiations:request:read"
    REQUESTS_LISTED = "initiations:list:read"
    REQUEST_STATUS_READ = "initiations:status:read"
    UNIT_DESCRIBED = "organisation:unit:described"
    UNIT_CONFIRMED = "organisation:unit:confirmed"
    CODE_PHONE_CHANGED = "organisation:code_phone:changed"
    AGREEMENT_READ = "agreements:agreement:read"
    AGREEMENT_DRAFTED = "agreements:draft:begun"
    AGREEMENT_CHANGED = "agreements:draft:changed"
    AGREEMENT_THROWN = "agreements:draft:thrown"
    AGREEMENT_PICKED_UP = "agreements:draft:picked_up"
    AGREEMENT_SENT = "agreements:draft:sent"
    AGREEMENT_TAKEN_BACK = "agreements:draft:taken_back"
    AGREEMENT_SIGNED = "agreements:agreement:signed"
    GROUND_WRITTEN = "agreements:ground:written"
    ORGANISATION_LOADED = "organisation:file:loaded"


SENTENCES: dict[Tag, str | Promise] = {
    Tag.SIGNED_IN: _("loggade in"),
    Tag.SIGNED_OUT: _("loggade ut"),
    Tag.SIGNED_OUT_ELSEWHERE: _("avslutade sin inloggning i en annan webbläsare"),
    Tag.SIGNED_OUT_BY_OTHER: _("avslutade en medarbetares inloggningar"),
    Tag.LOOK_DENIED: _("försökte öppna något men fick nej"),
    Tag.CASE_READ: _("öppnade ditt ärende"),
    Tag.CASE_OPENED: _("startade ditt ärende"),
    Tag.CASE_ASSIGNED: _("lade till en medarbetare i ditt ärende"),
    Tag.CASE_UNASSIGNED: _("tog bort en medarbetare ur ditt ärende"),
    Tag.CASES_LISTED: _("såg sin lista över ärenden"),
    Tag.CASES_EXPORTED: _("hämtade sin lista över ärenden som fil"),
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
    Tag.CONSENT_ASKED: _("ställde en fråga till dig om vem som får veta"),
    Tag.CONSENT_ANSWERED: _("skrev ner ditt svar om vem som får veta"),
    Tag.CONSENT_ASKED_BACK: _("tog tillbaka en fråga till dig"),
    Tag.KEPT_AWAY: _("skrev upp vem som inte ska vara med på dina möten"),
    Tag.KEPT_AWAY_ENDED: _("strök någon från listan över dem som inte ska vara med"),
    Tag.SURVEY_ANSWERED: _("skrev ner ditt svar om frågor efteråt"),
    Tag.SURVEY_WITHDRAWN: _("tog tillbaka ditt ja till frågor efteråt"),
    Tag.PAPER_SCANNED: _("skannade in ett papper som du har skrivit på"),
    Tag.PAPER_READ: _("öppnade ett inskannat papper om dig"),
    Tag.PAPER_REMOVED: _("tog bort ett inskannat papper"),
    Tag.WORDING_WRITTEN: _("skrev en samtyckestext"),
    Tag.WORDING_REVIEWED: _("skrev in vem som har granskat en samtyckestext"),
    Tag.WORDING_ENDED: _("tog en samtyckestext ur bruk"),
    Tag.PLAN_READ: _("läste planen"),
    Tag.PLAN_CHANGED: _("ändrade planen"),
    Tag.PLAN_ADOPTED: _("fastställde planen"),
    Tag.DOCUMENT_READ: _("läste din plan"),
    Tag.DOCUMENT_PRINTED: _("tog en kopia av din plan"),
    Tag.DOCUMENT_DISCLOSED: _("lämnade ut en handling om dig"),
    Tag.ARRIVALS_LISTED: _("såg att något hade kommit till enheten"),
    Tag.PERSON_PROTECTED: _("satte skydd för dina uppgifter"),
    Tag.UNPROTECTING_ASKED: _("bad om att skyddet för dina uppgifter ska tas bort"),
    Tag.UNPROTECTING_REFUSED: _("sa nej till att ta bort skyddet för dina uppgifter"),
    Tag.PERSON_UNPROTECTED: _("tog bort skyddet för dina uppgifter"),
    Tag.CLEARANCE_GIVEN: _("gav en medarbetare behörighet till ditt skyddade ärende"),
    Tag.CLEARANCE_ENDED: _("avslutade en medarbetares behörighet till ditt skyddade ärende"),
    Tag.PROTECTED_CONTACT_READ: _("läste dina skyddade kontaktuppgifter"),
    Tag.PROTECTED_CONTACT_WRITTEN: _("skrev dina skyddade kontaktuppgifter"),
    Tag.PROTECTION_READ: _("läste om skyddet för dina uppgifter"),
    Tag.GUARDED_CASES_READ: _("såg vilka skyddade ärenden enheten arbetar i"),
    Tag.PLACE_APPROVED: _("godkände platsen för ett möte med dig"),
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
    Tag.SUMMONS_FORWARDED: _("kallade rätt enhet i stället för den som fått kallelsen fel"),
    Tag.TIMES_READ: _("läste vilka tider som är föreslagna för ditt möte"),
    Tag.TIMES_OFFERED: _("föreslog tider för ett möte"),
    Tag.TIMES_CHANGED: _("ändrade vilka tider som är föreslagna"),
    Tag.TIMES_ANSWERED: _("svarade om vilka tider som går"),
    Tag.TIMES_SETTLED: _("bestämde en tid för ditt möte"),
    Tag.TIMES_WITHDRAWN: _("tog tillbaka föreslagna tider"),
    Tag.EVIDENCE_READ: _("läste vilket underlag som är på väg till ditt möte"),
    Tag.EVIDENCE_ASKED: _("frågade om underlag till ditt möte"),
    Tag.EVIDENCE_CHANGED: _("ändrade när underlag behövs"),
    Tag.EVIDENCE_NOTED: _("skrev in att underlag har kommit eller när det kommer"),
    Tag.EVIDENCE_ANSWERED: _("svarade på en fråga om underlag"),
    Tag.EVIDENCE_WITHDRAWN: _("tog tillbaka en fråga om underlag"),
    Tag.LETTERS_LISTED: _("såg vilka brev om dina möten som ska skickas"),
    Tag.LETTERS_PRINTED: _("skrev ut ett brev om ditt möte"),
    Tag.LETTER_ADDRESSED: _("skrev hur någon får brev om ditt möte"),
    Tag.LETTER_QUEUED: _("bad om en påminnelse på papper"),
    Tag.LETTER_SENT: _("skickade ett brev om ditt möte"),
    Tag.LETTER_TAKEN_BACK: _("antecknade att ett brev om ditt möte inte skickades"),
    Tag.PREPARATION_READ: _("läste det du ville säga inför mötet"),
    Tag.PREPARATION_KEPT: _("du skrev inför mötet"),
    Tag.PREPARATION_HANDED_IN: _("lämnade in det du ville säga inför mötet"),
    Tag.DISCLOSURE_UNDONE: _("ångrade ett utlämnande innan det skickades"),
    Tag.DISCLOSURE_RECALLED: _("återkallade en handling som hade lämnats ut"),
    Tag.DOCUMENT_RECEIVED: _("kvitterade en handling om dig"),
    Tag.COPIES_LISTED: _("såg listan över mottagna handlingar"),
    Tag.COPY_READ: _("läste en handling som enheten har fått"),
    Tag.COPY_ARCHIVED: _("arkiverade en handling hos sig"),
    Tag.COPY_TAKEN_BACK: _("ångrade att en handling var arkiverad"),
    Tag.CODE_ASKED: _("bad om en engångskod"),
    Tag.CODE_WRONG: _("skrev fel engångskod"),
    Tag.LINK_OPENED: _("öppnade en handling om dig med engångskod"),
    Tag.LINK_READ: _("läste en handling om dig med engångskod"),
    Tag.REPLY_WRITTEN: _("skrev ett svar på en handling om dig"),
    Tag.LEAD_OFFERED: _("frågade en annan myndighet om att ta över ledningen av din plan"),
    Tag.LEAD_TAKEN_OVER: _("tog över ledningen av din plan"),
    Tag.LEAD_DECLINED: _("tackade nej till att ta över ledningen av din plan"),
    Tag.LEAD_TAKEN_BACK: _("tog tillbaka frågan om att ta över ledningen"),
    Tag.PROGRESS_REPORTED: _("sa hur det går med ett åtagande i din plan"),
    Tag.FOLLOW_UP_READ: _("läste en uppföljning av din plan"),
    Tag.FOLLOW_UP_BEGUN: _("började följa upp din plan"),
    Tag.FOLLOW_UP_CHANGED: _("skrev i uppföljningen av din plan"),
    Tag.FOLLOW_UP_DONE: _("blev klar med uppföljningen av din plan"),
    Tag.FOLLOW_UP_REMOVED: _("tog bort en uppföljning som inte var klar"),
    Tag.FOLLOW_UP_RESTORED: _("tog tillbaka en borttagen uppföljning"),
    Tag.CASE_CLOSED: _("avslutade ditt ärende"),
    Tag.CASE_REOPENED: _("öppnade ditt ärende igen"),
    Tag.CLOSING_READ: _("läste hur ditt ärende avslutades"),
    Tag.MANDATES_READ: _("läste vem som får göra saker åt dig"),
    Tag.MANDATE_ATTESTED: _("skrev in någon som får göra saker åt dig"),
    Tag.MANDATE_ENDED: _("avslutade någons rätt att göra saker åt dig"),
    Tag.MANDATE_OBJECTED: _("skrev ner ditt nej till någon som gör saker åt dig"),
    Tag.MANDATE_LET_STAND: _("bestämde att någon får fortsätta göra saker åt dig"),
    Tag.WITHHELD: _("bestämde att ett ombud inte får se något"),
    Tag.WITHHOLDING_UNDONE: _("bestämde att ett ombud får se något igen"),
    Tag.GUARDIAN_POLICY_WRITTEN: _("skrev vem som svarar för ett barn"),
    Tag.REPRESENTED_PAGE_READ: _("öppnade sidan om dig som ditt ombud"),
    Tag.REPRESENTED_PLAN_READ: _("läste din plan som ditt ombud"),
    Tag.FORM_PRINTED: _("skrev ut en blankett om dig"),
    Tag.TODAY_READ: _("såg vad som ska göras i ditt ärende"),
    Tag.CASELOAD_READ: _("såg vilka ärenden enheten ansvarar för"),
    Tag.NOTICES_LISTED: _("såg vilka aviseringar som har skickats"),
    Tag.NOTICE_RETRIED: _("skickade en avisering igen"),
    Tag.REMINDER_QUEUED: _("påminde en enhet som inte hade svarat, av sig självt"),
    Tag.REMINDED: _("påminde en enhet som inte hade svarat"),
    Tag.REMINDERS_STOPPED: _("stoppade påminnelserna till en enhet"),
    Tag.REMINDERS_RESUMED: _("lät påminnelserna till en enhet fortsätta"),
    Tag.DELIVERY_READ: _("såg hur enheter vill ha sina brev"),
    Tag.DELIVERY_CHOSEN: _("valde hur en enhet vill ha sina brev"),
    Tag.OWN_PAGE_READ: _("du öppnade din egen sida"),
    Tag.ACCESS_ASKED: _("frågade om att få läsa ett ärende"),
    Tag.ACCESS_REQUESTS_READ: _("läste vilka som har frågat om att få läsa ditt ärende"),
    Tag.ACCESS_GRANTED: _("sa ja till någon som frågade om att få läsa ditt ärende"),
    Tag.ACCESS_DECLINED: _("sa nej till någon som frågade om att få läsa ditt ärende"),
    Tag.ACCESS_SPOKEN_OF: _("du sa vad du tycker om att någon får läsa"),
    Tag.MANAGER_OPENED: _("öppnade ditt ärende som chef"),
    Tag.LOG_READ: _("gick igenom vilka som har läst"),
    Tag.LOG_REVIEWED: _("granskade att någon hade rätt att läsa om dig"),
    Tag.LOOK_QUESTIONED: _("du frågade varför någon har läst"),
    Tag.LOOK_QUESTION_TAKEN_BACK: _("du tog tillbaka en fråga om varför någon har läst"),
    Tag.LOOK_QUESTIONS_READ: _("läste frågor om varför någon har läst"),
    Tag.LOOK_ANSWERED: _("svarade på din fråga om varför någon har läst"),
    Tag.OPENNESS_SET: _("bestämde vad myndigheten visar om vem som har läst"),
    Tag.REQUEST_SENT: _("bad om en plan"),
    Tag.REQUEST_CHANGED: _("skrev mer i sin begäran om en plan"),
    Tag.REQUEST_REMINDED: _("påminde om sin begäran om en plan"),
    Tag.REQUEST_TAKEN_BACK: _("tog tillbaka sin begäran om en plan"),
    Tag.REQUEST_PASSED_ON: _("skickade en begäran om en plan vidare till en annan enhet"),
    Tag.REQUEST_TAKEN_OVER: _("tog över en begäran om en plan"),
    Tag.REQUEST_DECLINED: _("svarade nej på en begäran om en plan"),
    Tag.REQUEST_THROWN: _("slängde en begäran som skräp"),
    Tag.REQUEST_UNDONE: _("ångrade sitt svar på en begäran om en plan"),
    Tag.REQUEST_TIED: _("öppnade ditt ärende av en begäran om en plan"),
    Tag.REQUEST_READ: _("läste en begäran om en plan"),
    Tag.REQUESTS_LISTED: _("såg listan över dem som har bett om en plan"),
    Tag.REQUEST_STATUS_READ: _("såg hur det går med en begäran om en plan"),
    Tag.UNIT_DESCRIBED: _("ändrade hur en enhet nås"),
    Tag.UNIT_CONFIRMED: _("bekräftade uppgifterna om en enhet"),
    Tag.CODE_PHONE_CHANGED: _("ändrade telefonen som får en enhets engångskoder"),
    Tag.AGREEMENT_READ: _("läste överenskommelsen"),
    Tag.AGREEMENT_DRAFTED: _("började på nästa version av överenskommelsen"),
    Tag.AGREEMENT_CHANGED: _("skrev i nästa version av överenskommelsen"),
    Tag.AGREEMENT_THROWN: _("kastade utkastet till överenskommelse"),
    Tag.AGREEMENT_PICKED_UP: _("tog tillbaka utkastet till överenskommelse"),
    Tag.AGREEMENT_SENT: _("skickade överenskommelsen för underskrift"),
    Tag.AGREEMENT_TAKEN_BACK: _("tog tillbaka överenskommelsen för att ändra den"),
    Tag.AGREEMENT_SIGNED: _("skrev under överenskommelsen"),
    Tag.GROUND_WRITTEN: _("skrev om en rättslig grund"),
    Tag.ORGANISATION_LOADED: _("läste in organisationen från fil"),
}

LOOKS = frozenset(
    {
        Tag.CASE_READ,
        Tag.NUMBER_READ,
        Tag.PROTECTED_CONTACT_READ,
        Tag.PROTECTION_READ,
        Tag.PLAN_READ,
        Tag.DOCUMENT_READ,
        Tag.DOCUMENT_PRINTED,
        Tag.CONSENT_PREVIEWED,
        Tag.PAPER_READ,
        Tag.MEETING_READ,
        Tag.SUMMONS_READ,
        Tag.LETTERS_LISTED,
        Tag.LETTERS_PRINTED,
        Tag.TIMES_READ,
        Tag.EVIDENCE_READ,
        Tag.PREPARATION_READ,
        Tag.FOLLOW_UP_READ,
        Tag.CLOSING_READ,
        Tag.MANDATES_READ,
        Tag.REPRESENTED_PAGE_READ,
        Tag.REPRESENTED_PLAN_READ,
        Tag.FORM_PRINTED,
        Tag.NOTES_READ,
        Tag.TODAY_READ,
        Tag.ACCESS_REQUESTS_READ,
    }
)
"""The tags that count as somebody having looked, on the person's own page."""
