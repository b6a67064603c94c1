"""The site map on one page, in the order a case meets them. Temporary: modules under construction are skipped."""

import importlib
import logging

from django.urls import URLPattern, URLResolver, path

MAP = [
    # name, path, module
    ("home", "", "start"),
    ("alive", "halsa/levande/", "start"),
    ("ready", "halsa/redo/", "start"),
    ("save_draft", "utkast/", "start"),
    ("sign_in", "logga-in/", "signin"),
    ("openid_connect_login:begin", "logga-in/<slug:provider_id>/", "signin"),
    ("openid_connect_callback:callback", "logga-in/<slug:provider_id>/svar/", "signin"),
    ("choose_assignment", "valj-uppdrag/", "signin"),
    ("switch_assignment", "byt-uppdrag/", "signin"),
    ("sign_out", "logga-ut/", "signin"),
    ("signed_out", "utloggad/", "signin"),
    ("cases", "arenden/", "cases"),
    ("open_case", "arenden/nytt/", "cases"),
    ("case", "arenden/<uuid:case_id>/", "cases"),
    ("colleagues", "arenden/<uuid:case_id>/medarbetare/", "cases"),
    ("end_colleague", "arenden/<uuid:case_id>/medarbetare/<uuid:assignment_id>/avsluta/", "cases"),
    ("person", "arenden/<uuid:case_id>/person/", "people"),
    ("link_person", "arenden/<uuid:case_id>/person/koppla/", "people"),
    ("unlink_person", "arenden/<uuid:case_id>/person/koppla/<uuid:link_id>/ta-isar/", "people"),
    ("consents", "arenden/<uuid:case_id>/samtycke/", "consents"),
    ("answer_plan", "arenden/<uuid:case_id>/samtycke/plan/", "consents"),
    ("give_consent", "arenden/<uuid:case_id>/samtycke/nytt/", "consents"),
    ("preview_consent", "arenden/<uuid:case_id>/samtycke/forhandsvisning/", "consents"),
    ("consent", "arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/", "consents"),
    ("narrow_consent", "arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/begransa/", "consents"),
    ("withdraw_consent", "arenden/<uuid:case_id>/samtycke/<uuid:consent_id>/aterkalla/", "consents"),
    ("plan", "arenden/<uuid:case_id>/plan/", "plans"),
    ("own_goal", "arenden/<uuid:case_id>/plan/eget-mal/", "plans"),
    ("add_goal", "arenden/<uuid:case_id>/plan/mal/nytt/", "plans"),
    ("goal", "arenden/<uuid:case_id>/plan/mal/<uuid:goal_id>/", "plans"),
    ("remove_goal", "arenden/<uuid:case_id>/plan/mal/<uuid:goal_id>/ta-bort/", "plans"),
    ("add_commitment", "arenden/<uuid:case_id>/plan/atagande/nytt/", "plans"),
    ("commitment", "arenden/<uuid:case_id>/plan/atagande/<uuid:commitment_id>/", "plans"),
    ("remove_commitment", "arenden/<uuid:case_id>/plan/atagande/<uuid:commitment_id>/ta-bort/", "plans"),
    ("settle_plan", "arenden/<uuid:case_id>/plan/ansvar/", "plans"),
    ("adopt_plan", "arenden/<uuid:case_id>/plan/faststall/", "plans"),
    ("plan_version", "arenden/<uuid:case_id>/plan/version/<int:version>/", "handover"),
    ("plan_version_pdf", "arenden/<uuid:case_id>/plan/version/<int:version>/pdf/", "handover"),
    ("hand_over", "arenden/<uuid:case_id>/plan/version/<int:version>/lamna-ut/", "handover"),
    ("arrivals", "mottaget/", "received"),
    ("take_in", "mottaget/<uuid:disclosure_id>/ta-emot/", "received"),
    ("received", "mottagna/<uuid:case_id>/", "received"),
    ("received_pdf", "mottagna/<uuid:case_id>/pdf/", "received"),
    ("own_page", "min-sida/", "own"),
    ("own_looks", "min-sida/vem-har-last/", "own"),
    ("own_plan", "min-sida/plan/<uuid:document_id>/", "own"),
    ("own_plan_pdf", "min-sida/plan/<uuid:document_id>/pdf/", "own"),
    ("own_withdraw", "min-sida/samtycke/<uuid:consent_id>/aterkalla/", "own"),
    ("agreement", "overenskommelsen/", "organisation"),
    ("sign_agreement", "overenskommelsen/<uuid:agreement_party_id>/underskrift/", "organisation"),
    ("organisation", "organisation/", "organisation"),
    ("components", "komponenter/", "components_page"),
]

urlpatterns: list[URLPattern | URLResolver] = []
for _entry, _path, _module in MAP:
    _name, _, _function = _entry.partition(":")
    try:
        _view = getattr(importlib.import_module(f"humla.web.{_module}"), _function or _name)
    except (ImportError, AttributeError) as _missing:
        logging.getLogger("humla.web").warning("url %s skipped: %s", _name, _missing)
        continue
    urlpatterns.append(path(_path, _view, name=_name))
