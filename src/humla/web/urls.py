"""The site map on one page, in the order a case meets them.

Swedish paths without å, ä and ö; English names; random ids and never a personnummer. Who comes in where is
said at each page's door and laid out in docs/who-may-do-what.md.
"""

from django.urls import URLPattern, URLResolver, path

from humla.web import (
    cases,
    components_page,
    consents,
    handover,
    organisation,
    own,
    people,
    received,
    signin,
    start,
)
from humla.web.plans import adoption, commitments, goals, screen, settling

urlpatterns: list[URLPattern | URLResolver] = [
    # In, and whether it is well
    path("", start.home, name="home"),
    path("halsa/levande/", start.alive, name="alive"),
    path("halsa/redo/", start.ready, name="ready"),
    path("utkast/", start.save_draft, name="save_draft"),
    # Signing in: the two names of openid_connect are asked for by allauth
    path("logga-in/", signin.sign_in, name="sign_in"),
    path("logga-in/<slug:provider_id>/", signin.begin, name="openid_connect_login"),
    path("logga-in/<slug:provider_id>/svar/", signin.callback, name="openid_connect_callback"),
    path("valj-uppdrag/", signin.choose_assignment, name="choose_assignment"),
    path("byt-uppdrag/", signin.switch_assignment, name="switch_assignment"),
    path("logga-ut/", signin.sign_out, name="sign_out"),
    path("utloggad/", signin.signed_out, name="signed_out"),
    # The case and its person
    path("arenden/", cases.cases, name="cases"),
    path("arenden/nytt/", cases.open_case, name="open_case"),
    path("arenden/<uuid:case_id>/", cases.case, name="case"),
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
    # What the person has said yes to
    path("arenden/<uuid:case_id>/samtycke/", consents.consents, name="consents"),
    path("arenden/<uuid:case_id>/samtycke/plan/", consents.answer_plan, name="answer_plan"),
    path("arenden/<uuid:case_id>/samtycke/nytt/", consents.give_consent, name="give_consent"),
    path(
        "arenden/<uuid:case_id>/samtycke/forhandsvisning/", consents.preview_consent, name="preview_consent"
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
    path("arenden/<uuid:case_id>/plan/ansvar/", settling.settle_plan, name="settle_plan"),
    path("arenden/<uuid:case_id>/plan/faststall/", adoption.adopt_plan, name="adopt_plan"),
    path("arenden/<uuid:case_id>/plan/version/<int:version>/", handover.plan_version, name="plan_version"),
    path(
        "arenden/<uuid:case_id>/plan/version/<int:version>/pdf/",
        handover.plan_version_pdf,
        name="plan_version_pdf",
    ),
    path("arenden/<uuid:case_id>/plan/version/<int:version>/lamna-ut/", handover.hand_over, name="hand_over"),
    # What another authority has handed over
    path("mottaget/", received.arrivals, name="arrivals"),
    path("mottaget/<uuid:disclosure_id>/ta-emot/", received.take_in, name="take_in"),
    path("mottagna/<uuid:case_id>/", received.received, name="received"),
    path("mottagna/<uuid:case_id>/pdf/", received.received_pdf, name="received_pdf"),
    # The person's own pages
    path("min-sida/", own.own_page, name="own_page"),
    path("min-sida/vem-har-last/", own.own_looks, name="own_looks"),
    path("min-sida/plan/<uuid:document_id>/", own.own_plan, name="own_plan"),
    path("min-sida/plan/<uuid:document_id>/pdf/", own.own_plan_pdf, name="own_plan_pdf"),
    path("min-sida/samtycke/<uuid:consent_id>/aterkalla/", own.own_withdraw, name="own_withdraw"),
    # What everybody who works here may read
    path("overenskommelsen/", organisation.agreement, name="agreement"),
    path(
        "overenskommelsen/<uuid:agreement_party_id>/underskrift/",
        organisation.sign_agreement,
        name="sign_agreement",
    ),
    path("organisation/", organisation.organisation, name="organisation"),
    path("komponenter/", components_page.components, name="components"),
]
