"""How it went and how it ended: follow-up, a new version, another who takes over, and a closed case.

Here: what each does on the pages. Not here: the plan itself (`samsip_plan`).
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys import samsip_plan as plan
from tests.journeys import steps
from tests.journeys.samsip_story import Story, asked, says, tick, write

HER_VIEW = "Det känns lättare. Jag vet vem jag ska ringa."
WHY_PARTLY = "Arbetsgivaren svarar efter helgerna."
CHANGED = "Kalla till samtal om arbetsträning på Återbruket"
WORD_ON_THE_WAY = "Ring på eftermiddagar. Hon svarar inte på brev."
RESULT = "Eva arbetar halvtid på Återbruket sedan i januari."
HER_VERDICT = "Äntligen pratade de med varandra."
TAKES_OVER = "Arbetsförmedlingen, Amir Haddad"


# --- the follow-up ------------------------------------------------------------------------------------------


def the_follow_up_meeting(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "moten/nytt/?slag=follow_up")
    write(siv, "Dag", steps.SOON.isoformat())
    write(siv, "Klockan", "10:00")
    write(siv, "Plats", "Arbetsmarknadstorget, rum 3")
    steps.press(siv, "Planera mötet")
    siv.get_by_role("heading", level=1, name="Uppföljning").wait_for()
    story.the_day_comes()
    siv.reload()
    siv.get_by_role("link", name="Mötet är hållet").first.click()
    tick(siv, "Personen själv", "Var med")
    for role in ("Mötesledare", "Dokumenterare"):
        steps.choose(asked(siv, role), "Siv Sandberg")
    tick(siv, "När ses ni igen?", "Det behövs inget mer möte")
    write(siv, "Vem har bestämt att inget mer möte behövs?", "Eva och Siv tillsammans")
    steps.press(siv, "Mötet är hållet")
    says(siv, "Inget mer möte behövs.")


def the_plan_is_followed_up(story: Story, siv: Page) -> str:
    """Returns the address of the finished follow-up."""
    story.secrets += [HER_VIEW, WHY_PARTLY, CHANGED, WORD_ON_THE_WAY, RESULT, HER_VERDICT]
    steps.go(siv, story.case, "uppfoljning/")
    siv.get_by_role("link", name="Följ upp planen").first.click()
    asked(siv, "Vid vilket möte?").select_option(index=1)
    write(siv, "Vilken dag följs planen upp?", steps.TODAY.isoformat())
    story.look(siv)
    steps.press(siv, "Börja")
    siv.get_by_role("heading", level=1, name="Uppföljning av planen, version 1").wait_for()
    assert _row(siv, plan.SUPPORT).get_by_role("radio", name="Gjort", exact=True).is_checked(), "Amir said so"
    _answer_everything(siv)
    story.look(siv, "uppfoljning")
    steps.press(siv, "Spara och bli klar")
    says(siv, "Uppföljningen är klar.")
    for words in (HER_VIEW, WHY_PARTLY):
        says(siv, words)
    story.look(siv, "uppfoljning-klar")
    return steps.path_of(siv)


def _answer_everything(siv: Page) -> None:
    for what in (plan.VISIT, plan.REFERRAL, plan.BENEFIT, plan.CALL, plan.DRIVE):
        tick(_row(siv, what), "Blev det gjort?", "Gjort")
    hindered = _row(siv, plan.TRAINING)
    tick(hindered, "Blev det gjort?", "Delvis")
    steps.choose(asked(hindered, "Vad hindrade?"), "väntar på en annan part")
    write(hindered, "Kort om varför", WHY_PARTLY)
    for goal, hers, theirs in ((plan.INCOME, "4", "3"), (plan.HEALTH_GOAL, "2", "3")):
        tick(_row(siv, goal), "Personen", hers)
        tick(_row(siv, goal), "Personalen", theirs)
    tick(siv, "Steg enligt personen", "3")
    tick(siv, "Steg enligt personalen", "2")
    write(siv, "Vad säger personen själv?", HER_VIEW)
    write(siv, "Nästa uppföljning", steps.LATER.isoformat())


def what_was_wrong_is_put_right(story: Story, siv: Page, paper: str) -> None:
    siv.goto(paper)
    steps.press(siv, "Rätta: gör en ny som gäller i stället")
    says(siv, "Svaren är med.")
    tick(siv, "Steg enligt personalen", "3")
    steps.press(siv, "Spara och bli klar")
    says(siv, "Uppföljningen är klar.")
    steps.press(siv.get_by_role("form", name="Lämna ut till AF Humlesund"), "Lämna ut")
    story.look(siv)
    steps.go(siv, story.case, "uppfoljning/")
    says(siv, "rättad, en ny gäller")
    story.look(siv, "uppfoljningar")


def the_plan_gets_a_second_version(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "plan/")
    row = siv.get_by_role("row").filter(has_text=plan.TRAINING)
    row.get_by_role("link", name="Ändra", exact=True).click()
    write(siv, "Vad ska göras?", CHANGED)
    steps.press(siv, "Spara")
    steps.go(siv, story.case, "plan/faststall/")
    says(siv, "Skillnad mot version 1")
    tick(siv, "Är personen med på planen?", "Ja")
    steps.press(siv, "Fastställ version 2")
    says(siv, "Version 2 är fastställd.")
    steps.hand_over(siv, steps.path_of(siv), "AF Humlesund")
    story.look(siv)


def amir_sees_what_is_new(story: Story, amir: Page) -> None:
    amir.goto(story.case.replace("/arenden/", "/mottagna/"))
    new = amir.get_by_role("region", name="Ändrat sedan version 1")
    says(new, CHANGED)
    story.look(amir, "mottagen-version-2", at="#received")
    amir.get_by_role("link", name="Uppföljning av planen").first.click()
    told = amir.content()
    assert WHY_PARTLY in told
    assert [one for one in (plan.REFERRAL, plan.BENEFIT, plan.HEALTH_GOAL) if one in told] == []
    story.look(amir)


# --- another takes over, and it ends ------------------------------------------------------------------------


def maja_takes_over(story: Story, siv: Page, maja: Page) -> None:
    steps.go(siv, story.case)
    siv.get_by_role("link", name="Lämna över ansvaret").click()
    steps.choose(asked(siv, "Vem tar över ansvaret?"), "Maja Moberg")
    write(siv, "Att veta för den som tar över", WORD_ON_THE_WAY)
    story.look(siv, "lamna-over")
    steps.press(siv, "Lämna över")
    says(siv, "1 ärende är överlämnat.")
    assert siv.request.get(story.case).status == 404, "it is not hers any more"
    maja.goto("/arenden/")
    maja.get_by_role("link", name="Eva Ek").first.click()
    for words in ("Siv Sandberg lämnade över ärendet till dig", WORD_ON_THE_WAY):
        says(maja, words)
    story.look(maja, "overtaget")


def it_is_closed(story: Story, maja: Page) -> None:
    maja.get_by_role("link", name="Avsluta ärendet").first.click()
    tick(maja, "Varför avslutas ärendet?", "Målet är nått")
    write(maja, "Vad blev det av planen?", RESULT)
    _lives_on(maja, "När planen började", "Försörjningsstöd", "100 %")
    _lives_on(maja, "Vid avslut", "Subventionerat arbete", "50 %")
    write(maja, "Vem tar vid?", TAKES_OVER)
    tick(maja, "Personens omdöme om planen", "5")
    write(maja, "Med personens ord", HER_VERDICT)
    maja.get_by_role("checkbox", name="AF Humlesund").check()
    story.look(maja, "avsluta")
    steps.press(maja, "Avsluta ärendet")
    maja.get_by_role("heading", level=1, name="Så avslutades ärendet").wait_for()
    for words in (RESULT, HER_VERDICT, TAKES_OVER):
        says(maja, words)
    story.look(maja, "avslutat")


def _lives_on(maja: Page, when: str, kind: str, percent: str) -> None:
    group = maja.locator(".card").filter(
        has=maja.get_by_role("heading", name=re.compile(when, re.IGNORECASE))
    )
    steps.choose(asked(group, "Försörjning eller sysselsättning"), kind)
    steps.choose(asked(group, "Omfattning"), percent)


def it_can_only_be_read(story: Story, maja: Page) -> None:
    for where, button in {
        "plan/mal/nytt/": "Spara",
        "moten/nytt/": "Planera mötet",
        "samtycke/nytt/": "Spara samtycket",
        "lamna-over/": "Lämna över",
    }.items():
        steps.go(maja, story.case, where)
        expect(maja.get_by_role("button", name=button, exact=True).first).to_be_disabled()
    for where in ("", "plan/", "moten/", "uppfoljning/", "samtycke/", "plan/version/2/"):
        steps.go(maja, story.case, where)
        says(maja, "Ärendet är avslutat. Det går att läsa, men inte att ändra.")
        story.look(maja)


def eva_sees_the_end_and_who_has_looked(story: Story, eva: Page) -> None:
    eva.goto("/min-sida/")
    says(eva, "Ditt ärende är avslutat.")
    story.look(eva, "min-sida-avslutat-390")
    eva.get_by_role("link", name="Så avslutades din plan").click()
    for words in (RESULT, HER_VERDICT, TAKES_OVER):
        says(eva, words)
    story.look(eva, "min-plan-avslutad-390")
    eva.goto("/min-sida/")
    eva.get_by_role("link", name="Se vem och när").click()
    for who in ("Arbetsmarknadstorget", "AF Humlesund", "FK Humlesund", "handläggare", "SIP-samordnare"):
        says(eva, who)
    says(eva, "läste hur ditt ärende avslutades")
    assert eva.get_by_text("Psykiatrin Humlesund").count() == 0, "they have read nothing"
    story.look(eva, "vem-har-last-allt-390")


def _row(siv: Page, what: str) -> Locator:
    return siv.locator("form .card").filter(has_text=what)
