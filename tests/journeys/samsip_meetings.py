"""From the first question to a held meeting: consultation, case, consent, preparation, summons, answers.

Here: what each does on the pages. Not here: the plan that comes of it (`samsip_plan`).
"""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests import cast as the_cast
from tests.journeys import steps
from tests.journeys.samsip_story import Story, asked, chapters, says, tick, unfold, write

REASON = "Sju kontakter och ingen gemensam plan. Hon orkar inte berätta allt en gång till."
ADVICE = "SIP är rätt. Fråga om samtycke först."
HER_WORDS = "Jag vill att någon ringer i stället för att skicka brev."
HER_WORRY = "Jag är rädd att de slutar betala innan jag har fått svar."
PURPOSE = "Ett samlat stöd tillbaka till arbete, utan glapp i ersättningen."
QUESTION = "Vem ansöker om vad, och i vilken ordning?"
HEALTH = "När kan utredningen tidigast vara klar?"
BRING = "Handlingsplanen och besked om stöd till arbetsgivare."
MOTHER = "Karin Ek"
MEETING_DAY = steps.TODAY + timedelta(days=14)


# --- Siv ----------------------------------------------------------------------------------------------------


def somebody_asks(story: Story, siv: Page) -> None:
    siv.get_by_role("link", name="Konsultationer").first.click()
    siv.get_by_role("link", name="Ny konsultation").first.click()
    write(siv, "Vem frågade?", "Maja Moberg, socialsekreterare, Arbetsmarknadstorget")
    tick(siv, "Vad gällde det?", "är SIP rätt?")
    tick(siv, "Hur talades ni vid?", "telefon")
    tick(siv, "Vad ledde det till?", "SIP")
    write(siv, "Råd", ADVICE)
    story.look(siv, "konsultation")
    steps.press(siv, "Spara")
    says(siv, "Öppna ärendet härifrån när personen vill.")
    story.look(siv)


def a_case_opens_of_it(story: Story, siv: Page) -> None:
    siv.get_by_role("link", name="Öppna ärende av konsultationen").click()
    says(siv, "Ärendet öppnas av konsultationen")
    write(siv, "Personnummer eller samordningsnummer", the_cast.EVA)
    write(siv, "Förnamn", "Eva")
    write(siv, "Efternamn", "Ek")
    write(siv, "Varför behövs en samordnad plan?", REASON)
    unfold(siv, "Vem tog initiativet?")
    expect(asked(siv, "SIP-samordnaren har varit med från början")).to_be_checked()
    story.look(siv)
    steps.press(siv, "Öppna ärendet")
    siv.get_by_role("heading", level=1, name="Eva Ek").wait_for()
    says(siv, "socialsekreterare, Arbetsmarknadstorget, via SIP-samordnaren")
    story.case = steps.path_of(siv)
    found = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", siv.locator("main").inner_text())
    assert found is not None
    story.reference = found[0]
    story.secrets += [REASON, ADVICE, HER_WORDS, HER_WORRY, PURPOSE, QUESTION, HEALTH, BRING, MOTHER]
    story.look(siv, "arendet-nytt")


def she_says_yes(story: Story, siv: Page) -> None:
    steps.say_yes_to_a_plan(siv, story.case)
    for unit, kinds in {
        "AF Humlesund": ("Planering", "Behov"),
        "FK Humlesund": ("Planering", "Ekonomi"),
    }.items():
        steps.go(siv, story.case, "samtycke/nytt/")
        steps.choose_receiver(siv, unit, kinds)
        steps.save_consent(siv)
    says(siv, "FK Humlesund")
    story.look(siv, "samtycken")


def nothing_has_come_yet(story: Story, siv: Page) -> None:
    """What she has written and not handed in is nowhere at Siv's: not as text, not as a hint."""
    steps.go(siv, story.case, "forberedelse/")
    says(siv, "Inget är inlämnat än")
    for address in ("", "forberedelse/", "moten/", "anteckningar/"):
        steps.go(siv, story.case, address)
        assert [one in siv.content() for one in (HER_WORDS, HER_WORRY)] == [False, False], address


def siv_reads_her_words(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "forberedelse/")
    says(siv, HER_WORDS)
    says(siv, "Skrivet av personen själv.")
    story.look(siv, "forberedelse")


def the_preparatory_meeting(story: Story, siv: Page) -> None:
    steps.go(siv, story.case, "moten/")
    siv.get_by_role("link", name="Planera ett förmöte").click()
    _plan(siv, on=steps.TODAY, clock="23:30")
    steps.press(siv, "Planera mötet")
    siv.get_by_role("heading", level=1, name="Förmöte").wait_for()
    story.the_day_comes()
    siv.reload()
    siv.get_by_role("link", name="Mötet är hållet").first.click()
    tick(siv, "Personen själv", "Var med")
    tick(siv, "Vad ledde förmötet till?", "vi går vidare med SIP")
    tick(siv, "När ses ni igen?", "Den här dagen")
    write(siv, "Nästa möte", MEETING_DAY.isoformat())
    story.look(siv)
    steps.press(siv, "Mötet är hållet")
    says(siv, "Förmötet ledde till: vi går vidare med SIP")


def the_first_meeting_is_planned(story: Story, siv: Page) -> str:
    siv.get_by_role("link", name="Planera det mötet").click()
    expect(siv.get_by_role("radio", name="första SIP-möte")).to_be_checked()
    assert asked(siv, "Dag").input_value() == MEETING_DAY.isoformat()
    _plan(siv, on=MEETING_DAY, clock="13:00")
    write(siv, "Varför möts vi?", PURPOSE)
    write(siv, "Frågor som mötet ska svara på", QUESTION)
    write(siv, "Frågor som rör hälsa", HEALTH)
    story.look(siv, "planera-mote")
    steps.press(siv, "Planera mötet")
    siv.get_by_role("heading", level=1, name="Första SIP-möte").wait_for()
    story.look(siv)
    return steps.path_of(siv)


def they_are_summoned(story: Story, siv: Page, meeting: str) -> dict[str, str]:
    """Returns what the preview shows Arbetsförmedlingen."""
    siv.goto(f"{meeting}kalla/")
    for unit, bring in {"AF Humlesund": BRING, "FK Humlesund": ""}.items():
        row = _candidate(siv, unit)
        row.get_by_role("checkbox").first.check()
        write(row, "Det här behöver mottagaren ha med sig", bring)
    unfold(siv, "En enhet hos er, en närstående eller någon annan")
    steps.choose(asked(siv, "Någon annan"), "närstående")
    write(siv, "Namn", MOTHER)
    steps.press(siv, "Granska först")
    says(siv, "Precis det här, och inget mer. Inget är skickat än.")
    preview = _what_is_shown(siv, "AF Humlesund")
    assert [one in " ".join(preview.values()) for one in (PURPOSE, BRING, HEALTH)] == [True, True, False]
    story.look(siv, "kalla-granska")
    steps.press(siv, "Kalla")
    siv.get_by_role("heading", level=2, name="Kallade").wait_for()
    story.look(siv, "kallade")
    return preview


def one_is_undone_and_summoned_again(story: Story, siv: Page, meeting: str) -> None:
    steps.press(siv.get_by_role("form", name="Ångra kallelsen till FK Humlesund"), "Ångra")
    says(siv, "Kallelsen är ångrad och har inte lämnat er.")
    siv.goto(f"{meeting}kalla/")
    _candidate(siv, "FK Humlesund").get_by_role("checkbox").first.check()
    steps.press(siv, "Kalla")
    expect(siv.get_by_role("form", name="Ångra kallelsen till FK Humlesund")).to_be_visible()


def the_mothers_answer_is_noted(story: Story, siv: Page, meeting: str) -> None:
    siv.goto(meeting)
    _card(siv, MOTHER).get_by_role("link", name="Anteckna svar").click()
    tick(siv, "Svar", "kommer")
    write(siv, "Vem kommer?", MOTHER)
    story.look(siv)
    steps.press(siv, "Spara svaret")
    says(siv, "Svaret är sparat.")
    says(siv, "2 av 4 kommer.")
    story.look(siv, "motet")


def the_meeting_is_held(story: Story, siv: Page, meeting: str) -> None:
    story.the_day_comes()
    siv.goto(meeting)
    siv.get_by_role("link", name="Mötet är hållet").first.click()
    for who, was in {
        "Personen själv": "Var med",
        "AF Humlesund": "Var med",
        MOTHER: "Var med",
        "FK Humlesund": "Kom inte",
    }.items():
        tick(siv, who, was)
    absent = _card(siv, "FK Humlesund")
    steps.choose(asked(absent, "Varför inte?"), "hade tackat nej")
    for role in ("Mötesledare", "Dokumenterare"):
        steps.choose(asked(siv, role), "Siv Sandberg")
    tick(siv, "När ses ni igen?", "Den här dagen")
    write(siv, "Nästa möte", steps.SOON.isoformat())
    story.look(siv, "motet-hallet")
    steps.press(siv, "Mötet är hållet")
    says(siv, "hade tackat nej")
    story.look(siv)


# --- Eva ----------------------------------------------------------------------------------------------------


def eva_prepares(story: Story, eva: Page) -> None:
    assert steps.path_of(eva) == "/min-sida/"
    story.look(eva)
    eva.get_by_role("link", name="Förbered mötet").first.click()
    says(eva, "Ingen annan kan läsa det förrän du själv lämnar in det.")
    boxes = eva.locator("form#skriv textarea")
    boxes.nth(0).fill(HER_WORDS)
    boxes.nth(5).fill(HER_WORRY)
    story.look(eva, "forbered-390")
    steps.press(eva, "Spara")
    says(eva, "Sparat. Bara du ser det.")


def eva_hands_it_in(story: Story, eva: Page) -> None:
    steps.press(eva, "Läs igenom och lämna in")
    says(eva, "Siv Sandberg")
    story.look(eva, "lamna-in-390")
    steps.press(eva, "Lämna in")
    says(eva, "Inlämnat. Nu kan de som arbetar med ditt ärende läsa det.")
    story.look(eva)


def eva_sees_who_comes(story: Story, eva: Page) -> None:
    eva.goto("/min-sida/")
    next_one = eva.locator(".card").filter(has=eva.get_by_role("heading", name="Nästa möte"))
    for who in ("AF Humlesund", "FK Humlesund", MOTHER):
        says(next_one, who)
    for what in (PURPOSE, QUESTION, HEALTH):
        says(next_one, what)
    story.look(eva, "nasta-mote-390")


# --- those who are summoned ---------------------------------------------------------------------------------


def the_letters_are_nameless(story: Story) -> str:
    """Two letters, though three were queued; returns where Försäkringskassan answers."""
    letters = story.nameless_letters(2)
    assert all("Ni är kallade till ett möte." in one for one in letters)
    page = story.watch.over(story.windows.blank())
    page.goto("/demonstration/post/")
    told = re.sub(r"https?://\S+", "", page.locator("main").inner_text())
    assert [one for one in ("Eva", story.reference, *story.secrets) if one in told] == []
    story.look(page, "demonstrationens-post")
    letter = page.locator(".card").filter(has_text="postlada@fk.example")
    return letter.get_by_role("link").first.get_attribute("href") or ""


def they_answer_by_the_link(story: Story, address: str) -> None:
    """On a telephone, by somebody who has no account and learns nothing."""
    page = story.watch.over(story.windows.blank(width=390, phone=True))
    page.goto(address)
    page.get_by_role("heading", level=1, name="Ni är kallade till ett möte").wait_for()
    story.look(page, "svara-med-lanken-390")
    page.get_by_text("Vi deltar inte, men vill ha planen").click()
    steps.press(page, "Svara att vi vill ha planen")
    says(page, "Tack. Ni har svarat: Vi deltar inte, men vill ha planen.")
    told = page.locator("body").inner_text()
    assert [one for one in ("Eva", the_cast.EVA, *story.secrets) if one in told] == []
    story.look(page)


def amir_answers(story: Story, amir: Page, preview: dict[str, str]) -> None:
    amir.goto("/mottaget/")
    assert "Eva" not in amir.locator("body").inner_text(), "who it is about is for the one who takes it in"
    story.look(amir)
    steps.take_in(amir)
    says(amir, "Ni är kallade")
    assert chapters(amir) == preview, "what Siv saw before she sent it, and nothing else"
    tick(amir, "Svar", "kommer")
    write(amir, "Vem kommer?", "Amir Haddad")
    story.look(amir, "kallelsen-hos-mottagaren")
    steps.press(amir, "Svara")
    says(amir, "Tack. Den som kallade ser ditt svar.")
    story.look(amir)


# --- fingers ------------------------------------------------------------------------------------------------


def _plan(siv: Page, *, on: date, clock: str) -> None:
    write(siv, "Dag", on.isoformat())
    write(siv, "Klockan", clock)
    write(siv, "Plats", "Arbetsmarknadstorget, rum 3")


def _candidate(siv: Page, unit: str) -> Locator:
    return siv.locator("fieldset .card").filter(has_text=unit)


def _card(siv: Page, who: str) -> Locator:
    return siv.locator("main .card").filter(has_text=who).first


def _what_is_shown(siv: Page, unit: str) -> dict[str, str]:
    """Before anything is sent: what this one will read."""
    whose = siv.locator("summary").filter(has_text=re.compile(rf"^\s*{unit}\s*$"))
    shown = siv.locator("details").filter(has=whose)
    if shown.get_attribute("open") is None:
        whose.click()
    return chapters(shown)
