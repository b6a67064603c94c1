"""The plan: written, adopted, handed over to each with only its parts, read, and told how it goes.

Here: what each does on the pages. Not here: the meetings before it (`samsip_meetings`), nor the follow-up and
the end (`samsip_end`).
"""

from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.samsip_story import Story, asked, chapters, says, tick, write

OWN_GOAL = "Jag vill orka vara med mina barn på sportlovet."
INCOME_NOW = "Försörjningsstöd sedan två år. Har arbetat i kök."
INCOME = "En egen inkomst på minst halvtid."
FIRST_STEP = "Ett studiebesök på en arbetsplats."
HEALTH_NOW = "Sover fyra timmar per natt."
HEALTH_GOAL = "En utredning som säger vad som behöver anpassas."
VISIT = "Boka studiebesök på Återbruket"
SUPPORT = "Ansöka om stöd till arbetsgivare"
TRAINING = "Kalla till samtal om arbetsträning"
REFERRAL = "Skriva remiss till neuropsykiatrisk utredning"
BENEFIT = "Pröva rätten till aktivitetsersättning"
CALL = "Ringa vårdcentralen"
DRIVE = "Skjutsa till de första besöken"
REFUSAL = "Samtalsstöd under väntetiden"
WHY_NOT = "Väntetiden till samtal är åtta månader."
UNMET = "Någon att prata med på kvällarna"
OTHER_PLAN = "Arbetsförmedlingen"
WORSE = "Mobila teamet, 010-00 00 100"
MISSING = "Det står inte vilka insatser som behövs."
AF_PARTS = {"Person", "Planering", "Behov"}
FK_PARTS = {"Person", "Planering", "Ekonomi"}
SECRETS = [
    OWN_GOAL,
    INCOME_NOW,
    INCOME,
    FIRST_STEP,
    HEALTH_NOW,
    HEALTH_GOAL,
    VISIT,
    SUPPORT,
    TRAINING,
    REFERRAL,
]
SECRETS += [BENEFIT, CALL, DRIVE, REFUSAL, WHY_NOT, UNMET, WORSE]


# --- Siv writes ---------------------------------------------------------------------------------------------


def it_is_not_adopted_half(story: Story, siv: Page) -> None:
    story.secrets += SECRETS
    steps.begin_plan(siv, story.case)
    steps.write_own_goal(siv, story.case, OWN_GOAL)
    steps.go(siv, story.case, "plan/faststall/")
    expect(siv.get_by_role("button", name="Fastställ version 1")).to_be_disabled()
    assert siv.get_by_text(MISSING).count() == 2, "in the list of what is missing, and beside the button"
    story.look(siv, "faststall-saknas")


def goals_and_steps(story: Story, siv: Page) -> None:
    steps.write_goal(siv, story.case, area="Försörjning", situation=INCOME_NOW, goal=INCOME)
    siv.get_by_role("link", name="Lägg till ett delmål").first.click()
    step = siv.get_by_role("form", name="Nytt delmål")
    write(step, "Delmål", FIRST_STEP)
    write(step, "När?", steps.SOON.isoformat())
    steps.press(step, "Spara delmålet")
    says(siv, "Delmålet är sparat.")
    steps.go(siv, story.case, "plan/mal/nytt/")
    steps.choose(asked(siv, "Livsområde"), "Hälsa")
    write(siv, "Nuläge", HEALTH_NOW)
    write(siv, "Mål", HEALTH_GOAL)
    steps.choose(siv.get_by_label("Slag av uppgift"), "Hälsa")
    story.look(siv)
    steps.press(siv, "Spara")
    says(siv, "Målet är tillagt.")


def who_does_what(story: Story, siv: Page) -> None:
    for who, what, kind in (
        ("Arbetsmarknadstorget", VISIT, "Planering"),
        ("AF Humlesund", SUPPORT, "Planering"),
        ("AF Humlesund", TRAINING, "Planering"),
        ("Psykiatrin Humlesund", REFERRAL, "Hälsa"),
        ("FK Humlesund", BENEFIT, "Ekonomi"),
        ("Personen själv", CALL, "Planering"),
    ):
        steps.write_row(siv, who=who, what=what, kind=kind)
    steps.go(siv, story.case, "plan/atagande/nytt/")
    steps.choose(asked(siv, "Vem?"), "Någon annan")
    write(siv, "Vilken annan?", "Karin, mamma")
    write(siv, "Vad ska göras?", DRIVE)
    steps.choose(siv.get_by_label("Slag av uppgift"), "Planering")
    story.look(siv)
    steps.press(siv, "Spara")
    says(siv, "Raden är sparad.")


def what_nobody_does(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "plan/forbehall/nytt/")
    steps.choose(asked(siv, "Vem?"), "Psykiatrin Humlesund")
    write(siv, "Åtar sig inte", REFUSAL)
    write(siv, "För att", WHY_NOT)
    steps.choose(siv.get_by_label("Slag av uppgift"), "Hälsa")
    story.look(siv)
    steps.press(siv, "Spara")
    steps.go(siv, story.case, "plan/behov/nytt/")
    steps.choose(asked(siv, "Livsområde"), "Familj och nätverk")
    write(siv, "Behov som ingen möter", UNMET)
    asked(siv, "Varför?").select_option(index=1)
    steps.choose(siv.get_by_label("Slag av uppgift"), "Behov")
    steps.press(siv, "Spara")
    _another_plan(story, siv)


def _another_plan(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "plan/andra-planer/ny/")
    asked(siv, "Vilken plan?").select_option(index=1)
    write(siv, "Vem har den?", OTHER_PLAN)
    steps.choose(siv.get_by_label("Slag av uppgift"), "Planering")
    steps.press(siv, "Spara")
    for words in (REFUSAL, WHY_NOT, UNMET, FIRST_STEP):
        says(siv, words)


def who_answers_for_it(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "plan/ansvar/")
    steps.choose(asked(siv, "Ersättare för huvudansvarig"), "Maja Moberg")
    write(siv, "Om det blir sämre: vem ringer man?", WORSE)
    steps.press(siv, "Spara")
    steps.settle(siv, story.case, huvudman="Humlesunds kommun", lead="Siv Sandberg")
    for words in ("Maja Moberg", WORSE, "Planen är hel och kan fastställas."):
        says(siv, words)
    story.look(siv, "plan-hel")


def it_is_adopted(story: Story, siv: Page) -> str:
    steps.go(siv, story.case, "plan/faststall/")
    tick(siv, "Är personen med på planen?", "Ja")
    write(siv, "Vad säger personen om den?", "Ja, det här är mitt.")
    story.look(siv, "faststall-hel")
    steps.press(siv, "Fastställ version 1")
    says(siv, "Version 1 är fastställd.")
    story.look(siv)
    return steps.path_of(siv)


def it_is_handed_over(story: Story, siv: Page, version: str) -> None:
    steps.hand_over(siv, version, "AF Humlesund")
    steps.hand_over(siv, version, "FK Humlesund")
    steps.press(siv.get_by_role("form", name="Ångra: FK Humlesund"), "Ångra")
    says(siv, "Ångrat. Inget har skickats till FK Humlesund.")
    steps.hand_over(siv, version, "FK Humlesund")
    story.look(siv, "lamna-ut-angra")


# --- the receivers ------------------------------------------------------------------------------------------


def nobody_reads_before_it_has_left(story: Story, amir: Page) -> None:
    steps.go(amir, story.case.replace("/arenden/", "/mottagna/"))
    assert SUPPORT not in amir.content(), "it leaves in a minute"


def amir_reads_his_parts(story: Story, amir: Page) -> None:
    amir.goto(story.case.replace("/arenden/", "/mottagna/"))
    assert set(chapters(amir.locator("#received"))) == AF_PARTS
    told = amir.content()
    read = [one in told for one in (OWN_GOAL, INCOME, FIRST_STEP, SUPPORT, UNMET)]
    unread = [one for one in (HEALTH_NOW, HEALTH_GOAL, REFERRAL, BENEFIT, REFUSAL, WHY_NOT) if one in told]
    assert (read, unread) == ([True] * 5, [])
    story.look(amir, "mottagen-plan-atagande", at="#received")


def farid_reads_his(story: Story, farid: Page) -> None:
    farid.goto("/mottaget/")
    steps.take_in(farid)
    farid.goto(story.case.replace("/arenden/", "/mottagna/"))
    assert set(chapters(farid.locator("#received"))) == FK_PARTS
    told = farid.content()
    assert [one in told for one in (OWN_GOAL, BENEFIT, INCOME, UNMET, REFERRAL)] == [
        False,
        True,
        False,
        False,
        False,
    ]
    story.look(farid)


def amir_says_how_it_goes(story: Story, amir: Page) -> None:
    amir.goto(story.case.replace("/arenden/", "/mottagna/"))
    steps.press(_undertaken(amir, SUPPORT), "Klart")
    says(amir, "Sparat: klart.")
    _undertaken(amir, TRAINING).get_by_role("link", name="Hinder eller en kommentar").click()
    steps.choose(asked(amir, "Vad hindrar?"), "väntar på en annan part")
    write(amir, "Kort, till den som leder planen", "Vi väntar på arbetsgivarens svar.")
    story.look(amir, "hinder")
    steps.press(amir, "Spara")
    says(amir, "Sparat: hinder.")
    story.look(amir, "hur-det-gar", at="#received")


def sivs_day_says_so(story: Story, siv: Page) -> None:
    siv.goto("/idag/")
    line = siv.get_by_role("listitem").filter(has_text=f"AF Humlesund har ett hinder: {TRAINING}")
    expect(line).to_contain_text("väntar på en annan part")
    expect(line).to_contain_text("Eva Ek")
    story.look(siv, "idag")
    line.get_by_role("link").click()
    says(siv, "Vi väntar på arbetsgivarens svar.")
    steps.go(siv, story.case, "plan/")
    story.look(siv)


# --- Eva ----------------------------------------------------------------------------------------------------


def eva_reads_it_all(story: Story, eva: Page) -> None:
    eva.goto("/min-sida/")
    for words in (OWN_GOAL, CALL, WORSE):
        says(eva, words)
    story.look(eva, "min-sida-planen-390")
    eva.get_by_role("link", name="Öppna planen").click()
    for words in (REFERRAL, BENEFIT, REFUSAL, WHY_NOT, UNMET):
        says(eva, words)
    story.look(eva, "min-plan-390")


def _undertaken(amir: Page, what: str) -> Locator:
    return amir.locator("#received .card li").filter(has_text=what).first
