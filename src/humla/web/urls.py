"""The site map on one page, in the order a case meets them.

Swedish paths without å, ä and ö; English names; random ids and never a personnummer. Who comes in where is
said at each page's door and laid out in docs/who-may-do-what.md.
"""

from django.urls import URLPattern, URLResolver, path

from humla.web import (
    access,
    afterwards,
    agreement,
    agreement_chapters,
    agreement_draft,
    agreement_texts,
    answer,
    ask_for_plan,
    asking,
    calendar,
    case_life,
    cases,
    components_page,
    consent_texts,
    consents,
    consultations,
    deliveries,
    disclosed,
    evidence,
    evidence_link,
    forms,
    front,
    guide,
    handover,
    is_sip_right,
    kept_away,
    lead,
    lead_times,
    legal_grounds,
    letters,
    letters_times,
    notes,
    notices,
    opening,
    opening_link,
    organisation,
    own,
    own_access,
    own_answer,
    own_consents,
    own_preparation,
    own_times,
    people,
    plan_requests,
    preparation,
    protection,
    received,
    received_copies,
    reminders,
    reports,
    review,
    sessions,
    signed_papers,
    signin,
    start,
    times,
    times_link,
    today,
    unit_choice,
    units,
    unsent,
)
from humla.web.followups import closing, documents, following_up, progress
from humla.web.meetings import answering, calling, forwarding, holding, planning
from humla.web.meetings import screen as meetings
from humla.web.plans import adoption, besides, commitments, editing, goals, screen, settling
from humla.web.representatives import acting, hers, mandates, policy, summoned, withholding

urlpatterns: list[URLPattern | URLResolver] = [
    # In, and whether it is well
    path("", start.home, name="home"),
    path("halsa/levande/", start.alive, name="alive"),
    path("halsa/redo/", start.ready, name="ready"),
    path("utkast/", start.save_draft, name="save_draft"),
    path("dina-utkast/", unsent.drafts, name="drafts"),
    path("dina-utkast/<uuid:draft_id>/slang/", unsent.throw, name="throw_unsent"),
    path("sidfel/", reports.page_fault, name="page_fault"),
    # Signing in: the two names of openid_connect are asked for by allauth
    path("logga-in/", signin.sign_in, name="sign_in"),
    path("logga-in/<slug:provider_id>/", signin.begin, name="openid_connect_login"),
    path("logga-in/<slug:provider_id>/svar/", signin.callback, name="openid_connect_callback"),
    path("valj-uppdrag/", signin.choose_assignment, name="choose_assignment"),
    path("byt-uppdrag/", signin.switch_assignment, name="switch_assignment"),
    path("logga-ut/", signin.sign_out, name="sign_out"),
    path("utloggad/", signin.signed_out, name="signed_out"),
    path("inloggningar/", sessions.sign_ins, name="sign_ins"),
    path("organisation/inloggningar/", sessions.colleagues_sign_ins, name="colleagues_sign_ins"),
    path(
        "organisation/inloggningar/<uuid:professional_id>/avsluta/",
        sessions.sign_out_colleague,
        name="sign_out_colleague",
    ),
    # Before there is a case: somebody asks for a plan
    path("ar-sip-ratt/", is_sip_right.is_sip_right, name="is_sip_right"),
    path("be-om-samsip/", ask_for_plan.ask_for_plan, name="ask_for_plan"),
    path("be-om-samsip/kvitto/", ask_for_plan.request_receipt, name="request_receipt"),
    path("be-om-samsip/svar/", ask_for_plan.request_status, name="request_status"),
    path("begaran/", plan_requests.plan_requests, name="plan_requests"),
    path("begaran/ny/", plan_requests.ask_unit, name="ask_unit"),
    path("begaran/rakning/", plan_requests.request_counts, name="request_counts"),
    path("begaran/<uuid:plan_request_id>/", plan_requests.plan_request, name="plan_request"),
    path("begaran/skickad/<uuid:asked_id>/", plan_requests.my_plan_request, name="my_plan_request"),
    # And somebody asks the coordinator
    path("konsultationer/", consultations.consultations, name="consultations"),
    path("konsultationer/ny/", consultations.register_consultation, name="register_consultation"),
    path("konsultationer/<uuid:consultation_id>/", consultations.consultation, name="consultation"),
    # What is to be done
    path("idag/", today.today_page, name="today"),
    # How long it takes
    path("ledtider/", lead_times.lead_times_page, name="lead_times"),
    # The case and its person
    path("arenden/", cases.cases, name="cases"),
    path("arenden/nytt/", opening.open_case, name="open_case"),
    path("arenden/lamna-over/", case_life.hand_over_cases, name="hand_over_cases"),
    path("skyddade-arenden/", protection.guarded_cases, name="guarded_cases"),
    path("skyddade-arenden/<uuid:case_id>/", protection.guarded_case, name="guarded_case"),
    path(
        "skyddade-arenden/<uuid:case_id>/lamna-over/", protection.hand_over_guarded, name="hand_over_guarded"
    ),
    path("enhetens-arenden/", case_life.caseload, name="caseload"),
    path("arenden/<uuid:case_id>/", front.case, name="case"),
    path("arenden/<uuid:case_id>/guide/", guide.guide, name="guide"),
    path("arenden/<uuid:case_id>/guide/titta/", guide.ask_to_look, name="ask_to_look"),
    path(
        "arenden/<uuid:case_id>/guide/titta/<uuid:assignment_id>/sluta/",
        guide.end_look,
        name="end_look",
    ),
    path("arenden/<uuid:case_id>/initiering/", opening.initiation, name="initiation"),
    path("arenden/<uuid:case_id>/ratta/", case_life.correct_case, name="correct_case"),
    path("arenden/<uuid:case_id>/vila/", case_life.rest_case, name="rest_case"),
    path("arenden/<uuid:case_id>/ta-upp/", case_life.wake_case, name="wake_case"),
    path("arenden/<uuid:case_id>/lamna-over/", case_life.hand_over_case, name="hand_over_case"),
    path("arenden/<uuid:case_id>/ledning/", lead.offer, name="offer_lead"),
    path("arenden/<uuid:case_id>/skydd/", protection.protection, name="protection"),
    path("arenden/<uuid:case_id>/skydd/kontakt/", protection.protected_contact, name="protected_contact"),
    path("arenden/<uuid:case_id>/anteckningar/", notes.notes, name="notes"),
    path("arenden/<uuid:case_id>/medarbetare/", cases.colleagues, name="colleagues"),
    path(
        "arenden/<uuid:case_id>/medarbetare/<uuid:assignment_id>/avsluta/",
        cases.end_colleague,
        name="end_colleague",
    ),
    path("arenden/<uuid:case_id>/person/", people.person, name="person"),
    path("arenden/<uuid:case_id>/person/nummer/", people.correct_number, name="correct_number"),
    path("arenden/<uuid:case_id>/person/koppla/", people.link_person, name="link_person"),
    path(
        "arenden/<uuid:case_id>/person/koppla/<uuid:link_id>/ta-isar/",
        people.unlink_person,
        name="unlink_person",
    ),
    # Who acts for the person
    path("arenden/<uuid:case_id>/ombud/", mandates.mandates, name="mandates"),
    path("arenden/<uuid:case_id>/ombud/nytt/", mandates.attest_mandate, name="attest_mandate"),
    path("arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/", mandates.mandate, name="mandate"),
    path(
        "arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/andra/",
        mandates.replace_mandate,
        name="replace_mandate",
    ),
    path("arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/avsluta/", mandates.end_mandate, name="end_mandate"),
    path("arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/vila/", mandates.rest_mandate, name="rest_mandate"),
    path(
        "arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/beslut/",
        mandates.let_mandate_stand,
        name="let_mandate_stand",
    ),
    path("arenden/<uuid:case_id>/ombud/<uuid:mandate_id>/undanta/", withholding.withhold, name="withhold"),
    path(
        "arenden/<uuid:case_id>/undantag/<uuid:withheld_id>/angra/",
        withholding.give_back,
        name="give_back",
    ),
    # Who asks to read it, and whom a manager's opening lets in
    path("begar-atkomst/", access.ask_access, name="ask_access"),
    path("enhetens-arenden/<uuid:case_id>/oppna/", access.open_as_manager, name="manager_open"),
    path("arenden/<uuid:case_id>/vill-lasa/", access.case_requests, name="case_requests"),
    path("arenden/<uuid:case_id>/vill-lasa/<uuid:arrived_id>/", access.answer_request, name="answer_request"),
    # What the person has said yes to
    path("arenden/<uuid:case_id>/samtycke/", consents.consents, name="consents"),
    path("arenden/<uuid:case_id>/samtycke/plan/", consents.answer_plan, name="answer_plan"),
    path("arenden/<uuid:case_id>/samtycke/nytt/", consents.give_consent, name="give_consent"),
    path(
        "arenden/<uuid:case_id>/samtycke/forhandsvisning/", consents.preview_consent, name="preview_consent"
    ),
    path("arenden/<uuid:case_id>/samtycke/fraga/", asking.ask_consent, name="ask_consent"),
    path(
        "arenden/<uuid:case_id>/samtycke/fraga/<uuid:request_id>/ta-tillbaka/",
        asking.take_back_question,
        name="take_back_question",
    ),
    path("arenden/<uuid:case_id>/samtycke/ska-inte-vara-med/", kept_away.kept_away, name="kept_away"),
    path(
        "arenden/<uuid:case_id>/samtycke/ska-inte-vara-med/<uuid:kept_id>/stryk/",
        kept_away.let_come_again,
        name="let_come_again",
    ),
    path("arenden/<uuid:case_id>/samtycke/efterat/", afterwards.afterwards, name="afterwards"),
    path(
        "arenden/<uuid:case_id>/samtycke/efterat/<uuid:survey_id>/ta-tillbaka/",
        afterwards.take_back_survey,
        name="take_back_survey",
    ),
    path(
        "arenden/<uuid:case_id>/samtycke/papper/<uuid:scan_id>/",
        signed_papers.signed_paper,
        name="signed_paper",
    ),
    path(
        "arenden/<uuid:case_id>/samtycke/papper/<uuid:scan_id>/ta-bort/",
        signed_papers.remove_signed_paper,
        name="remove_signed_paper",
    ),
    path(
        "arenden/<uuid:case_id>/samtycke/<uuid:answer_id>/papper/",
        signed_papers.signed_papers,
        name="signed_papers",
    ),
    path("arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/", consents.consent, name="consent"),
    path(
        "arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/begransa/",
        consents.narrow_consent,
        name="narrow_consent",
    ),
    path(
        "arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/aterkalla/",
        consents.withdraw_consent,
        name="withdraw_consent",
    ),
    # What the person wants to say before a meeting, and what can be printed to write on
    path("arenden/<uuid:case_id>/forberedelse/", preparation.preparation, name="preparation"),
    path("arenden/<uuid:case_id>/blanketter/", forms.case_forms, name="case_forms"),
    path("arenden/<uuid:case_id>/blanketter/<slug:slug>/pdf/", forms.form_for_case, name="form_for_case"),
    # A time that suits: offered, answered, set
    path("arenden/<uuid:case_id>/underlag/", evidence.evidence, name="evidence"),
    path("arenden/<uuid:case_id>/underlag/<uuid:evidence_id>/", evidence.one_evidence, name="one_evidence"),
    path(
        "arenden/<uuid:case_id>/underlag/<uuid:evidence_id>/kommit/",
        evidence.evidence_came,
        name="evidence_came",
    ),
    path(
        "arenden/<uuid:case_id>/underlag/<uuid:evidence_id>/andra/",
        evidence.change_evidence,
        name="change_evidence",
    ),
    path(
        "arenden/<uuid:case_id>/underlag/<uuid:evidence_id>/ta-tillbaka/",
        evidence.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path("arenden/<uuid:case_id>/tider/", times.times, name="times"),
    path("arenden/<uuid:case_id>/tider/nytt/", times.offer_times, name="offer_times"),
    path("arenden/<uuid:case_id>/tider/<uuid:offer_id>/", times.time_offer, name="time_offer"),
    path("arenden/<uuid:case_id>/tider/<uuid:offer_id>/fler/", times.add_times, name="add_times"),
    path("arenden/<uuid:case_id>/tider/<uuid:offer_id>/bestam/", times.settle_times, name="settle_times"),
    path("arenden/<uuid:case_id>/tider/<uuid:offer_id>/aterta/", times.withdraw_times, name="withdraw_times"),
    path(
        "arenden/<uuid:case_id>/tider/<uuid:offer_id>/svar/<uuid:invitee_id>/",
        times.note_times,
        name="note_times",
    ),
    path(
        "arenden/<uuid:case_id>/tider/<uuid:offer_id>/fraga-inte/<uuid:invitee_id>/",
        times.leave_out,
        name="leave_out",
    ),
    path(
        "arenden/<uuid:case_id>/tider/<uuid:offer_id>/tid/<uuid:slot_id>/ta-bort/",
        times.strike_time,
        name="strike_time",
    ),
    # Meetings, who is summoned to them, and who came
    path("arenden/<uuid:case_id>/moten/", meetings.meetings, name="meetings"),
    path("arenden/<uuid:case_id>/moten/nytt/", planning.plan_meeting, name="plan_meeting"),
    path("arenden/<uuid:case_id>/moten/<uuid:meeting_id>/", meetings.meeting, name="meeting"),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/andra/",
        planning.change_meeting,
        name="change_meeting",
    ),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/flytta/", planning.move_meeting, name="move_meeting"
    ),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/stall-in/",
        planning.cancel_meeting,
        name="cancel_meeting",
    ),
    path(
        "arenden/<uuid:case_id>/tider/<uuid:offer_id>/<uuid:invitee_id>/brev/",
        letters_times.times_letter,
        name="times_letter",
    ),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/plats/",
        protection.approve_place,
        name="approve_place",
    ),
    path("arenden/<uuid:case_id>/moten/<uuid:meeting_id>/hall/", holding.hold_meeting, name="hold_meeting"),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/ratta/",
        holding.correct_meeting,
        name="correct_meeting",
    ),
    path("arenden/<uuid:case_id>/moten/<uuid:meeting_id>/kalla/", calling.summon, name="summon"),
    path(
        "arenden/<uuid:case_id>/moten/<uuid:meeting_id>/kalender/",
        calendar.meeting_calendar,
        name="meeting_calendar",
    ),
    path("arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/", calling.summons, name="summons"),
    path("arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/pdf/", calling.summons_pdf, name="summons_pdf"),
    path(
        "arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/angra/", calling.undo_summons, name="undo_summons"
    ),
    path(
        "arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/aterta/",
        calling.cancel_summons,
        name="cancel_summons",
    ),
    path(
        "arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/vidare/",
        forwarding.forward_summons,
        name="forward_summons",
    ),
    path(
        "arenden/<uuid:case_id>/kallelser/<uuid:summons_id>/svar/", answering.note_answer, name="note_answer"
    ),
    path(
        "arenden/<uuid:case_id>/paminnelser/<uuid:about_id>/",
        reminders.reminders,
        name="reminders",
    ),
    path(
        "arenden/<uuid:case_id>/narvaro/<uuid:attendance_id>/",
        holding.correct_attendance,
        name="correct_attendance",
    ),
    # Letters on paper, to whoever no mail reaches
    path("brev/", letters.letters, name="letters"),
    path("brev/lamnade/", letters.letters_sent_off, name="letters_sent_off"),
    path("brev/pdf/", letters.letters_pdf, name="letters_pdf"),
    path("brev/<uuid:called_id>/<slug:occasion>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("brev/<uuid:called_id>/satt/", letters.letter_way, name="letter_way"),
    path("brev/<uuid:called_id>/<slug:occasion>/inte-lamnat/", letters.letter_back, name="letter_back"),
    path("brev/<uuid:called_id>/<slug:occasion>/paminn/", letters.letter_reminder, name="letter_reminder"),
    # The plan
    path("arenden/<uuid:case_id>/plan/", screen.plan, name="plan"),
    path("arenden/<uuid:case_id>/plan/eget-mal/", goals.own_goal, name="own_goal"),
    path("arenden/<uuid:case_id>/plan/mal/nytt/", goals.add_goal, name="add_goal"),
    path("arenden/<uuid:case_id>/plan/mal/<uuid:goal_id>/", goals.goal, name="goal"),
    path("arenden/<uuid:case_id>/plan/mal/<uuid:goal_id>/ta-bort/", goals.remove_goal, name="remove_goal"),
    path("arenden/<uuid:case_id>/plan/atagande/nytt/", commitments.add_commitment, name="add_commitment"),
    path(
        "arenden/<uuid:case_id>/plan/atagande/<uuid:commitment_id>/",
        commitments.commitment,
        name="commitment",
    ),
    path(
        "arenden/<uuid:case_id>/plan/atagande/<uuid:commitment_id>/ta-bort/",
        commitments.remove_commitment,
        name="remove_commitment",
    ),
    path("arenden/<uuid:case_id>/plan/utkast/slang/", editing.throw_draft, name="throw_draft"),
    path(
        "arenden/<uuid:case_id>/plan/mal/<uuid:goal_id>/delmal/nytt/",
        besides.add_milestone,
        name="add_milestone",
    ),
    path("arenden/<uuid:case_id>/plan/delmal/<uuid:milestone_id>/", besides.milestone, name="milestone"),
    path(
        "arenden/<uuid:case_id>/plan/delmal/<uuid:milestone_id>/ta-bort/",
        besides.remove_milestone,
        name="remove_milestone",
    ),
    path("arenden/<uuid:case_id>/plan/forbehall/nytt/", besides.add_reservation, name="add_reservation"),
    path(
        "arenden/<uuid:case_id>/plan/forbehall/<uuid:reservation_id>/",
        besides.reservation,
        name="reservation",
    ),
    path(
        "arenden/<uuid:case_id>/plan/forbehall/<uuid:reservation_id>/ta-bort/",
        besides.remove_reservation,
        name="remove_reservation",
    ),
    path("arenden/<uuid:case_id>/plan/behov/nytt/", besides.add_unmet_need, name="add_unmet_need"),
    path("arenden/<uuid:case_id>/plan/behov/<uuid:unmet_need_id>/", besides.unmet_need, name="unmet_need"),
    path(
        "arenden/<uuid:case_id>/plan/behov/<uuid:unmet_need_id>/ta-bort/",
        besides.remove_unmet_need,
        name="remove_unmet_need",
    ),
    path("arenden/<uuid:case_id>/plan/andra-planer/ny/", besides.add_other_plan, name="add_other_plan"),
    path(
        "arenden/<uuid:case_id>/plan/andra-planer/<uuid:other_plan_id>/",
        besides.other_plan,
        name="other_plan",
    ),
    path(
        "arenden/<uuid:case_id>/plan/andra-planer/<uuid:other_plan_id>/ta-bort/",
        besides.remove_other_plan,
        name="remove_other_plan",
    ),
    path("arenden/<uuid:case_id>/plan/ansvar/", settling.settle_plan, name="settle_plan"),
    path("arenden/<uuid:case_id>/plan/faststall/", adoption.adopt_plan, name="adopt_plan"),
    path("arenden/<uuid:case_id>/plan/version/<int:version>/", handover.plan_version, name="plan_version"),
    path(
        "arenden/<uuid:case_id>/plan/version/<int:version>/pdf/",
        handover.plan_version_pdf,
        name="plan_version_pdf",
    ),
    path(
        "arenden/<uuid:case_id>/plan/version/<int:version>/text/",
        handover.plan_version_text,
        name="plan_version_text",
    ),
    path("arenden/<uuid:case_id>/plan/version/<int:version>/lamna-ut/", handover.hand_over, name="hand_over"),
    # How it goes, and how it ends
    path("arenden/<uuid:case_id>/atagande/<uuid:commitment_id>/lage/", progress.progress, name="progress"),
    path("arenden/<uuid:case_id>/uppfoljning/", following_up.follow_ups, name="follow_ups"),
    path("arenden/<uuid:case_id>/uppfoljning/ny/", following_up.begin_follow_up, name="begin_follow_up"),
    path("arenden/<uuid:case_id>/uppfoljning/<uuid:follow_up_id>/", following_up.follow_up, name="follow_up"),
    path(
        "arenden/<uuid:case_id>/uppfoljning/<uuid:follow_up_id>/klar/",
        following_up.finish_follow_up,
        name="finish_follow_up",
    ),
    path(
        "arenden/<uuid:case_id>/uppfoljning/<uuid:follow_up_id>/ta-bort/",
        following_up.remove_follow_up,
        name="remove_follow_up",
    ),
    path(
        "arenden/<uuid:case_id>/uppfoljning/<uuid:follow_up_id>/ratta/",
        following_up.correct_follow_up,
        name="correct_follow_up",
    ),
    path("arenden/<uuid:case_id>/avsluta/", closing.close_case, name="close_case"),
    path("arenden/<uuid:case_id>/avslut/", closing.closing, name="closing"),
    path("arenden/<uuid:case_id>/oppna-igen/", closing.reopen_case, name="reopen_case"),
    path("arenden/<uuid:case_id>/handling/<uuid:paper_id>/", documents.case_document, name="case_document"),
    path(
        "arenden/<uuid:case_id>/handling/<uuid:paper_id>/pdf/",
        documents.case_document_pdf,
        name="case_document_pdf",
    ),
    path(
        "arenden/<uuid:case_id>/handling/<uuid:paper_id>/lamna-ut/",
        documents.hand_over_document,
        name="hand_over_document",
    ),
    path(
        "arenden/<uuid:case_id>/utlamnat/<uuid:disclosure_id>/angra/",
        handover.undo_hand_over,
        name="undo_hand_over",
    ),
    path("arenden/<uuid:case_id>/utlamnat/<uuid:disclosure_id>/", disclosed.disclosed, name="disclosed"),
    # What another authority has handed over
    path("mottaget/underlag/", evidence_link.unit_evidence_list, name="unit_evidence_list"),
    path("mottaget/underlag/<uuid:evidence_id>/", evidence_link.unit_evidence, name="unit_evidence"),
    path("mottaget/", received.arrivals, name="arrivals"),
    path("mottaget/<uuid:disclosure_id>/ta-emot/", received.take_in, name="take_in"),
    path("mottaget/tider/<uuid:invitee_id>/", times_link.unit_times, name="unit_times"),
    path("mottagna/<uuid:case_id>/", received.received, name="received"),
    path("mottagna/<uuid:case_id>/ledning/", lead.answer, name="answer_lead"),
    path("mottagna/<uuid:case_id>/pdf/", received.received_pdf, name="received_pdf"),
    path(
        "mottagna/<uuid:case_id>/atagande/<uuid:commitment_id>/lage/",
        progress.report_progress,
        name="report_progress",
    ),
    path(
        "mottagna/<uuid:case_id>/handling/<uuid:paper_id>/",
        documents.received_document,
        name="received_document",
    ),
    path(
        "mottagna/<uuid:case_id>/handling/<uuid:paper_id>/pdf/",
        documents.received_document_pdf,
        name="received_document_pdf",
    ),
    path("mottagna/<uuid:case_id>/text/", received.received_text, name="received_text"),
    path(
        "mottagna/<uuid:case_id>/kallelser/<uuid:summons_id>/svar/",
        answering.answer_summons,
        name="answer_summons",
    ),
    path(
        "mottagna/<uuid:case_id>/kallelser/<uuid:summons_id>/kalender/",
        calendar.received_calendar,
        name="received_calendar",
    ),
    # What lies in the receiver's own record
    path("mottagna-handlingar/", received_copies.received_copies, name="received_copies"),
    path("mottagna-handlingar/<uuid:copy_id>/", received_copies.received_copy, name="received_copy"),
    path(
        "mottagna-handlingar/<uuid:copy_id>/pdf/", received_copies.received_copy_pdf, name="received_copy_pdf"
    ),
    path(
        "mottagna-handlingar/<uuid:copy_id>/text/",
        received_copies.received_copy_text,
        name="received_copy_text",
    ),
    path("mottagna-handlingar/<uuid:copy_id>/kvittera/", received_copies.receive_copy, name="receive_copy"),
    path("mottagna-handlingar/<uuid:copy_id>/arkivera/", received_copies.archive_copy, name="archive_copy"),
    path("mottagna-handlingar/<uuid:copy_id>/angra/", received_copies.unarchive_copy, name="unarchive_copy"),
    # The answer of those who have no account
    path("svar/<slug:token>/", answer.answer_link, name="answer_link"),
    path("svar/<slug:token>/kalender/", calendar.answer_calendar, name="answer_calendar"),
    path("oppna/<slug:token>/", opening_link.opening_link, name="opening_link"),
    # The person's own pages
    path("min-sida/", own.own_page, name="own_page"),
    path("min-sida/vem-har-last/", own.own_looks, name="own_looks"),
    path("min-sida/forberedelse/<uuid:case_id>/", own_preparation.own_preparation, name="own_preparation"),
    path(
        "min-sida/forberedelse/<uuid:case_id>/lamna-in/",
        own_preparation.hand_in_preparation,
        name="hand_in_preparation",
    ),
    path("min-sida/kallelse/<uuid:called_id>/", own_answer.own_summons, name="own_summons"),
    path("min-sida/mote/<uuid:meeting_id>/kalender/", calendar.own_calendar, name="own_calendar"),
    path("min-sida/kallelse/<uuid:called_id>/pdf/", own_answer.own_summons_pdf, name="own_summons_pdf"),
    path("min-sida/plan/<uuid:document_id>/", own.own_plan, name="own_plan"),
    path("min-sida/plan/<uuid:document_id>/pdf/", own.own_plan_pdf, name="own_plan_pdf"),
    path("min-sida/handling/<uuid:paper_id>/", documents.own_document_page, name="own_document"),
    path("min-sida/handling/<uuid:paper_id>/pdf/", documents.own_document_pdf, name="own_document_pdf"),
    path("min-sida/fraga/<uuid:request_id>/", own_consents.own_question, name="own_question"),
    path(
        "min-sida/fraga/<uuid:request_id>/forhandsvisning/",
        own_consents.own_question_preview,
        name="own_question_preview",
    ),
    path("min-sida/tider/<uuid:invitee_id>/", own_times.own_times, name="own_times"),
    path("min-sida/samtycke/<uuid:consent_id>/begransa/", own_consents.own_narrow, name="own_narrow"),
    path(
        "min-sida/samtycke/<uuid:consent_id>/forhandsvisning/",
        own_consents.own_narrow_preview,
        name="own_narrow_preview",
    ),
    path("min-sida/samtycke/<uuid:consent_id>/aterkalla/", own_consents.own_withdraw, name="own_withdraw"),
    path("min-sida/ska-inte-vara-med/<uuid:case_id>/", own_consents.own_kept_away, name="own_kept_away"),
    path("min-sida/ska-inte-vara-med/<uuid:kept_id>/stryk/", own_consents.own_let_come, name="own_let_come"),
    path("min-sida/fragor-efterat/<uuid:survey_id>/", own_consents.own_survey, name="own_survey"),
    # Whoever acts for her, and what she says of it
    path("min-sida/ombud/", hers.own_mandates, name="own_mandates"),
    path("min-sida/ombud/<uuid:mandate_id>/nej/", hers.own_objection, name="own_objection"),
    path("for/", acting.acting_for, name="acting_for"),
    path("for/<uuid:person_id>/", acting.represented, name="represented"),
    path("for/<uuid:person_id>/plan/<uuid:document_id>/", acting.represented_plan, name="represented_plan"),
    path(
        "for/<uuid:person_id>/plan/<uuid:document_id>/pdf/",
        acting.represented_plan_pdf,
        name="represented_plan_pdf",
    ),
    path(
        "for/<uuid:person_id>/kallelse/<uuid:called_id>/",
        summoned.represented_summons,
        name="represented_summons",
    ),
    path(
        "for/<uuid:person_id>/samtycke/<uuid:consent_id>/aterkalla/",
        acting.represented_withdraw,
        name="represented_withdraw",
    ),
    path(
        "for/<uuid:person_id>/fraga/<uuid:request_id>/",
        acting.represented_question,
        name="represented_question",
    ),
    path(
        "for/<uuid:person_id>/tider/<uuid:invitee_id>/", own_times.represented_times, name="represented_times"
    ),
    path("min-sida/vem-har-last/<uuid:event_id>/", own_access.own_ask_look, name="own_ask_look"),
    path("min-sida/fragor/<uuid:question_id>/ta-tillbaka/", own_access.own_take_back, name="own_take_back"),
    path("min-sida/vill-lasa/<uuid:arrived_id>/", own_access.own_access_request, name="own_access_request"),
    # Who has looked, gone through by the authority itself
    path("granskning/", review.review, name="review"),
    path("granskning/oppning/<uuid:opening_id>/", review.review_opening, name="review_opening"),
    path("granskning/visningar/", review.review_looks, name="review_looks"),
    path("granskning/visningar/<uuid:event_id>/", review.review_look, name="review_look"),
    path("fragor-om-lasning/", review.look_questions, name="look_questions"),
    path("fragor-om-lasning/<uuid:question_id>/", review.answer_question, name="answer_question"),
    path("insyn/", review.openness, name="openness"),
    path("insyn/<uuid:authority_id>/", review.set_openness, name="set_openness"),
    # The forms on paper, for anybody
    path("blanketter/", forms.forms, name="forms"),
    path("blanketter/<slug:slug>/pdf/", forms.form_pdf, name="form_pdf"),
    # What everybody who works here may read
    path("overenskommelsen/", agreement.agreement, name="agreement"),
    path("overenskommelsen/versioner/", agreement.agreement_versions, name="agreement_versions"),
    path(
        "overenskommelsen/versioner/<uuid:agreement_id>/",
        agreement.agreement_version,
        name="agreement_version",
    ),
    path(
        "overenskommelsen/versioner/<uuid:agreement_id>/andringar/",
        agreement.compare_versions,
        name="compare_versions",
    ),
    path(
        "overenskommelsen/versioner/<uuid:agreement_id>/ta-tillbaka/",
        agreement_draft.take_back_agreement,
        name="take_back_agreement",
    ),
    path(
        "overenskommelsen/<uuid:agreement_party_id>/underskrift/",
        agreement.sign_agreement,
        name="sign_agreement",
    ),
    # Its next version, written by the administrator
    path("overenskommelsen/utkast/", agreement_draft.agreement_draft, name="agreement_draft"),
    path(
        "overenskommelsen/utkast/borja/", agreement_draft.begin_agreement_draft, name="begin_agreement_draft"
    ),
    path(
        "overenskommelsen/utkast/skicka/", agreement_draft.send_agreement_draft, name="send_agreement_draft"
    ),
    path(
        "overenskommelsen/utkast/kasta/", agreement_draft.throw_agreement_draft, name="throw_agreement_draft"
    ),
    path(
        "overenskommelsen/utkast/<uuid:agreement_id>/ta-tillbaka/",
        agreement_draft.pick_up_agreement_draft,
        name="pick_up_agreement_draft",
    ),
    path(
        "overenskommelsen/utkast/texter/<slug:kind>/",
        agreement_texts.agreement_texts,
        name="agreement_texts",
    ),
    path(
        "overenskommelsen/utkast/texter/<slug:kind>/<str:key>/<slug:language>/",
        agreement_texts.edit_agreement_text,
        name="edit_agreement_text",
    ),
    path(
        "overenskommelsen/utkast/del/<slug:chapter>/",
        agreement_chapters.edit_agreement,
        name="edit_agreement",
    ),
    path("organisation/", organisation.organisation, name="organisation"),
    path("enheter/", units.units, name="units"),
    path("enheter/val/", unit_choice.choices_by_typing, name="unit_choices"),
    path("enheter/<uuid:unit_id>/", units.unit, name="unit"),
    path("enheter/<uuid:unit_id>/stammer/", units.confirm_unit, name="confirm_unit"),
    path("enheter/<uuid:unit_id>/andra/", units.describe_unit, name="describe_unit"),
    path("enheter/<uuid:unit_id>/kodtelefon/", units.code_phone, name="code_phone"),
    path("rattsliga-grunder/", legal_grounds.legal_grounds, name="legal_grounds"),
    path("rattsliga-grunder/<slug:subject>/", legal_grounds.write_ground, name="write_ground"),
    path("svarar-for-barn/", policy.guardian_policies, name="guardian_policies"),
    path("svarar-for-barn/<uuid:authority_id>/", policy.guardian_policy, name="guardian_policy"),
    # The words that are read before somebody answers, and who has reviewed them
    path("samtyckestexter/", consent_texts.consent_texts, name="consent_texts"),
    path(
        "samtyckestexter/skriv/<slug:about>/<slug:language>/",
        consent_texts.write_consent_text,
        name="write_consent_text",
    ),
    path("samtyckestexter/<uuid:wording_id>/", consent_texts.consent_text, name="consent_text"),
    path(
        "samtyckestexter/<uuid:wording_id>/ur-bruk/", consent_texts.end_consent_text, name="end_consent_text"
    ),
    path("utskick/", notices.notices, name="notices"),
    path("utskick/igen/", notices.try_again, name="retry_notices"),
    path("aviseringar/", deliveries.deliveries, name="deliveries"),
    path("aviseringar/<uuid:unit_id>/", deliveries.delivery, name="delivery"),
    path("demonstration/post/", notices.demo_mail, name="demo_mail"),
    path("komponenter/", components_page.components, name="components"),
]
