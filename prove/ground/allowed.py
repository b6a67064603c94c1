"""Who may see each marked word, as data: from who holds it, what kind of information it is, who said yes.

Lives here: the table, and the columns that carry no word, each with its reason. Not here: the rule under
test, which is never asked. A word that nobody may see has an empty line; a column in neither list fails.

Siv holds everything and works in every case but Cilla's, whose responsible is Maja. Eva reads what is about
her. Amir has her yes to planning and needs, Farid to planning. Vera's yes to health is withdrawn: she keeps
the copy that she got, and nothing else. Lena has none. Ralf acts for Eva in planning and needs, and knows
when she meets. Maja is cleared for Paula, who is protected. Ylva, the manager, has opened Berit's case.
"""

from collections.abc import Mapping
from typing import Final

PLANNING, NEEDS, HEALTH, ECONOMY = (
    "siv eva amir farid ralf",
    "siv eva amir ralf",
    "siv eva vera",
    "siv eva",
)
_KINDS: Final = {"PLANNING": PLANNING, "NEEDS": NEEDS, "HEALTH": HEALTH, "ECONOMY": ECONOMY}
_IDENTITY = "siv eva amir farid vera ralf"
_PAULA, _BERIT = "siv maja", "siv ylva"
_UNIT = "siv maja ylva"

_ROWS = """
plans_goal.situation plans_goal.text plans_milestone.text plans_commitment.what plans_commitment.responsible
plans_commitment.starts_when plans_commitment.known_by plans_commitment.person_does plans_commitment.other
plans_reservation.what plans_reservation.why plans_unmetneed.what
plans_otherplan.owner plans_otherplan.reference
"""
"""Rows of the plan: each is read by those who may know its own kind."""

_ONE_BY_ONE: Final = {
    # Who she is. The two who know her by the document know her name and number, not how she is reached.
    "people_person.given_name": _IDENTITY,
    "people_person.family_name": _IDENTITY,
    "people_person.number:eva": _IDENTITY,
    "people_person.communication_support": "siv eva",
    "people_person.wants_contact_by": "siv",
    "people_person.number_reason": "siv",
    "people_personlink.reason": "siv",
    "people_person.number:wrong": "",
    # The case, as its holder keeps it.
    "cases_case.reason": "siv",
    "cases_note.text": "siv",
    "consultations_consultation.advice": "siv",
    # Her answers.
    "consents_planconsent.heard_by": "siv",
    "consents_consent.exceptions": "siv eva",
    "consents_consent.exceptions:farid": "siv eva",
    "consents_consent.exceptions:vera": "siv eva",
    "consents_consent.heard_by": "siv",
    "consents_consent.heard_by:farid": "siv",
    "consents_consent.heard_by:vera": "siv",
    # Asked of her, and of Ralf who may answer. What was asked is not read again once it is answered.
    "consents_consentrequest.why": "eva ralf",
    "consents_consentrequest.instead": "eva ralf",
    "consents_consentrequest.why:no": "",
    "consents_consentrequest.instead:no": "siv eva",
    "consents_consentrequest.heard_by": "",
    "consents_keptaway.name": "siv eva",
    "consents_surveyconsent.heard_by": "siv",
    # The plan as a whole.
    "plans_plan.own_goal": NEEDS,
    "plans_plan.own_goal_told_to": NEEDS,
    "plans_plan.if_worse": HEALTH,
    "plans_plan.no_follow_up_by": PLANNING,
    "plans_plan.person_says_why": NEEDS,
    "plans_leadtransfer.note:declined": "",
    "plans_leadtransfer.declined_why": "siv",
    "plans_leadtransfer.note:open": "siv amir",
    # The meeting, in the summonses.
    "meetings_meeting.place": PLANNING,
    # Ralf knows when and where.
    "meetings_meeting.video_link": "siv eva amir farid",
    "meetings_meeting.interpreter": "siv eva amir farid",
    "meetings_meeting.purpose": NEEDS,
    "meetings_meeting.questions": NEEDS,
    "meetings_meeting.health_questions": "siv eva",
    "meetings_meeting.no_next_by": "siv",
    "meetings_summons.bring:amir": "siv amir",
    "meetings_summons.bring:farid": "siv farid",
    "meetings_summons.bring:eva": "siv eva ralf",
    "meetings_summons.bring:relative": "siv",
    "meetings_summons.name": "siv eva",
    "meetings_summonsanswer.who_comes": "siv amir",
    "meetings_summonsanswer.passed_to": "siv farid",
    "meetings_summonsanswer.wish": "siv eva",
    "letters_addressee.address": "siv",
    "meetings_attendance.name": "siv",
    # Who is asked about times sees none of it but when.
    "scheduling_timeoffer.place": "siv eva",
    "scheduling_timeoffer.video_link": "siv",
    "scheduling_timeoffer.interpreter": "siv eva",
    "scheduling_timeoffer.purpose": "siv eva",
    "scheduling_invitee.name": "siv eva",
    "evidence_evidencerequest.name": "siv",
    "evidence_evidencerequest.where_it_lies": "siv",
    "evidence_ownview.text": "siv eva",
    "meetings_preparation.told_to": "siv eva",
    # The follow-up. It is withheld from Ralf.
    "followups_progress.note": "siv eva amir",
    "followups_followup.person_words": "siv eva amir",
    "followups_followup.no_next_by": "siv eva amir farid",
    "followups_commitmentresult.why:PLANNING": "siv eva amir farid",
    "followups_commitmentresult.why:NEEDS": "siv eva amir",
    "followups_commitmentresult.why:HEALTH": "siv eva",
    "followups_commitmentresult.why:ECONOMY": "siv eva",
    # Who wants to read, who has read, and what was found.
    "access_accessrequest.reason": "nils siv eva",
    "access_arrivedrequest.why": "siv eva",
    "access_lookquestion.words": "eva ylva rut",
    "access_lookquestion.answer": "eva ylva rut",
    "access_logreview.why:look": "rut",
    # Who asks for a plan: all of the unit who work in cases, and the professional who asked.
    **{f"initiations_planrequest.{name}": _UNIT for name in ("words", "name", "reach", "helper")},
    # Of what he wrote himself he is shown whom it is about.
    **{f"initiations_planrequest.{name}:amir": _UNIT for name in ("words", "reach")},
    "initiations_planrequest.name:amir": f"{_UNIT} amir",
    **{f"initiations_planrequest.{name}": f"{_UNIT} amir" for name in ("why", "instead")},
    # Who acts for her.
    "representatives_mandate.name:ralf": "siv eva ralf",
    "representatives_mandate.reached_by:ralf": "siv",
    "representatives_mandate.evidence:ralf": "siv",
    "representatives_mandate.name:vilhelm": "siv eva",
    "representatives_mandate.reached_by:vilhelm": "siv",
    "representatives_mandate.evidence:vilhelm": "siv",
    "representatives_mandate.rested_why": "",
    "representatives_mandate.decided_why": "siv eva",
    "representatives_withheld.reason": "siv",
    "people_person.number:ralf": "siv",
    "people_person.number:vilhelm": "siv",
    # Typed and not sent.
    "drafts_draft.fields:siv": "siv",
    "drafts_draft.fields:eva": "eva",
    # Paula: also her name and number are for those who are cleared.
    "people_person.given_name:paula": f"{_PAULA} paula",
    "people_person.family_name:paula": f"{_PAULA} paula",
    "people_person.number:paula": _PAULA,
    "cases_case.reason:paula": _PAULA,
    "protection_marking.reason": _PAULA,
    "protection_marking.removal_reason": _PAULA,
    "protection_protectedcontact.reached_by": _PAULA,
    "protection_protectedcontact.phone": _PAULA,
    "protection_protectedcontact.address": _PAULA,
    "protection_protectedcontact.school": _PAULA,
    "protection_protectedcontact.workplace": _PAULA,
    "meetings_placeapproval.place": f"{_PAULA} paula",
    # Cilla's case ended, was opened again and went to Maja.
    "people_person.given_name:cilla": "maja",
    "people_person.family_name:cilla": "maja",
    "people_person.number:cilla": "maja",
    "cases_case.reason:cilla": "maja",
    "cases_handover.note": "maja",
    "consents_planconsent.heard_by:cilla": "maja",
    "consents_planconsent.instead": "maja",
    "followups_closing.result": "maja",
    "followups_closing.other_way": "maja",
    "followups_closing.takes_over": "maja",
    "followups_closing.verdict_words": "maja",
    "followups_closing.reopened_why": "maja",
    # Berit's was opened by the manager; the clinic reads one document by a link.
    "people_person.given_name:berit": _BERIT,
    "people_person.family_name:berit": _BERIT,
    "people_person.number:berit": _BERIT,
    "cases_case.reason:berit": _BERIT,
    "cases_case.resting_reason": _BERIT,
    "consents_consent.exceptions:berit": _BERIT,
    "consents_consent.heard_by:berit": _BERIT,
    "disclosures_documentpart.content": f"{_BERIT} phone",
    "disclosures_reply.text": _BERIT,
    "access_manageropening.reason": f"{_BERIT} rut",
    "access_logreview.why": "rut",
    # Kim is a child: what was said beside the guardians' yes.
    "consents_planconsent.childs_view": "siv",
    "consents_consent.childs_view": "siv",
    "consents_consent.exceptions:kim": "siv",
    "consents_consent.heard_by:kim": "siv",
    # What a receiver writes of its own.
    "disclosures_receivedcopy.archive_reference": "farid",
}

_PREPARED = ("important", "strengths", "questions", "should_come", "should_not_come", "worries", "practical")

SEEN: Final[Mapping[str, frozenset[str]]] = {
    mark: frozenset(who.split())
    for mark, who in {
        **{f"{column}:{kind}": who for column in _ROWS.split() for kind, who in _KINDS.items()},
        **{f"plans_commitment.what:other {kind}": who for kind, who in _KINDS.items()},
        **{f"meetings_preparation.{name}:handed in": "siv eva" for name in _PREPARED},
        **{f"meetings_preparation.{name}:begun": "eva" for name in _PREPARED},
        **_ONE_BY_ONE,
    }.items()
}
"""Mark to those who see its word: no fewer, or a zero would be empty, and no others."""

SAME_WORDS: Final = {
    "access_arrivedrequest.reason": "access_accessrequest.reason",
    "letters_addressee.name": "meetings_summons.name",
}
"""One text that is written in two columns."""

_OURS, _KEY, _CODE = "skrivs av programmet, inte av någon", "en nyckel eller en summa", "en kod ur en lista"
_FROZEN = "bär planens, kallelsens och uppföljningens ord; de letas efter där"

UNMARKED: Final[Mapping[str, str]] = {
    "audit_event.kind": _CODE,
    "meetings_summonsanswer.brings": _CODE,
    "audit_event.role": _CODE,
    "audit_event.tag": _CODE,
    "audit_event.items": "id och versioner; hela raden genomsöks",
    "audit_event.allowed_by": "id; hela raden genomsöks",
    "audit_event.decision": _CODE,
    "people_person.number": "numret är sitt eget ord",
    "people_person.number_lookup": _KEY,
    "people_person.code": _OURS,
    "people_personkey.key": _KEY,
    "drafts_draft.form": _CODE,
    "drafts_submission.payload": _KEY,
    "drafts_submission.answer": "en adress; hela raden genomsöks",
    "cases_case.reference": _OURS,
    "access_accessrequest.reference": "ärendekoden, som programmet skriver",
    "initiations_planrequest.reference": _OURS,
    "initiations_planrequest.code_lookup": _KEY,
    "representatives_mandate.number": "numret är sitt eget ord",
    "representatives_mandate.categories": _CODE,
    "representatives_mandatekey.key": _KEY,
    "representatives_withheld.category": _CODE,
    "consents_planconsent.language": _CODE,
    "consents_consent.language": _CODE,
    "consents_consent.categories": _CODE,
    "consents_consentrequest.categories": _CODE,
    "consents_surveyconsent.language": _CODE,
    "consents_surveyconsent.childs_view": "ingen handling skriver den: den som är barn får ingen enkät",
    "consents_signedpaper.sha256": _KEY,
    "consents_signedpaper.content": "en bild; att den är förseglad prövas med resten",
    "disclosures_document.title": _OURS,
    "disclosures_document.sha256": _KEY,
    "disclosures_documentpart.title": _OURS,
    "disclosures_disclosure.categories": _CODE,
    "disclosures_disclosure.law": "ingen handling lämnar ut med stöd i lag än",
    "disclosures_receivedcopy.reference": _OURS,
    "disclosures_receivedcopy.title": _OURS,
    "disclosures_receivedcopy.parts": _FROZEN,
}
"""Text columns of tables about a person that carry no word of their own, and why."""
