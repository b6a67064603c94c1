"""The plan of a case as it is being written: goals, who does what, what is left over.

Here: rows of `humla.plans`. Not here: the adopted version (`frozen.py`).
"""

from datetime import date, timedelta

from humla.cases.models import Category
from humla.ops.year import words
from humla.ops.year.held import RECEIVERS, Held
from humla.ops.year.setting import Setting
from humla.plans.models import (
    Commitment,
    Doer,
    Goal,
    Milestone,
    NeedLeft,
    OtherPlan,
    OtherPlanKind,
    PersonSays,
    Plan,
    Reservation,
    UnmetNeed,
)


def write(setting: Setting, held: Held) -> None:
    held.adopted_on = held.opened_on + timedelta(days=20)
    follow_up = _next_date(setting, held)
    kommun, region = setting.units["Arbetsmarknadstorget"], setting.units["Hälsocentralen Humlesund"]
    huvudman = region if held.course.is_of_care else kommun
    if held.meeting:
        held.meeting.next_on = follow_up
        held.meeting.no_next_by = "" if follow_up else "Personen och den som leder planen"
    held.plan = setting.add(
        Plan,
        **held.about,
        own_goal=setting.next("own goals", words.OWN_GOALS),
        own_goal_said_on=held.opened_on + timedelta(days=3),
        own_goal_told_to=held.by.name,
        accountable_party=huvudman.authority.party,
        lead=held.by,
        stand_in=setting.next("stand-ins", (None, setting.staff["Maja Moberg"])),
        if_worse="Ring 1177. Ring sedan den som leder planen.",
        follow_up_on=follow_up,
        no_follow_up_by="" if follow_up else "Personen och den som leder planen",
        person_says=setting.next("says", (*[PersonSays.YES] * 6, PersonSays.NO, PersonSays.COULD_NOT)),
        person_says_why="",
        adopted_version=1,
        is_changed=held.course.is_changed,
        version=9,
    )
    for _one in range(setting.dice.randint(2, 4)):
        _goal(setting, held)
    _beside(setting, held)


def begin(setting: Setting, held: Held) -> None:
    """What is written before the meeting: the person's words and one goal."""
    held.plan = setting.add(
        Plan,
        **held.about,
        own_goal=setting.next("own goals", words.OWN_GOALS),
        own_goal_said_on=held.opened_on + timedelta(days=3),
        own_goal_told_to=held.by.name,
        version=3,
    )
    _goal(setting, held)


def _next_date(setting: Setting, held: Held) -> date | None:
    """Most have a date ahead; some are overdue, and a few have agreed that none is needed."""
    if setting.next("no next", range(15)) == 7:
        return None
    if held.course.close:
        return held.opened_on + timedelta(days=110)
    return setting.today + timedelta(days=setting.next("next date", (-12, 3, 14, 30, 45, 60, 75)))


def _goal(setting: Setting, held: Held) -> None:
    at = len(held.goals)
    category = setting.next("goal kinds", (Category.NEEDS, Category.NEEDS, Category.HEALTH, Category.ECONOMY))
    texts = words.HEALTH_GOALS if category == Category.HEALTH else words.GOALS
    goal = setting.add(
        Goal,
        **held.about,
        plan=held.plan,
        life_area=setting.next("areas", setting.life_areas),
        situation=words.LONG
        if held.course.is_long and not at
        else setting.next("situations", words.SITUATIONS),
        text=setting.next(f"goals {category}", texts),
        category=category,
        position=at,
    )
    held.goals.append(goal)
    if at % 2 == 0:
        due = held.opened_on + timedelta(days=60)
        step = setting.next("steps", words.STEPS)
        setting.add(Milestone, **held.about, plan=held.plan, goal=goal, text=step, due_on=due, position=at)
    for _one in range(setting.dice.randint(1, 3)):
        _commitment(setting, held, goal)


def _commitment(setting: Setting, held: Held, goal: Goal) -> None:
    at = len(held.commitments)
    units = [held.unit, *held.consented]
    doer = (
        Doer.UNIT
        if at < 2
        else setting.next("doers", (Doer.UNIT, Doer.UNIT, Doer.PERSON, Doer.UNIT, Doer.OTHER))
    )
    is_health = goal.category == Category.HEALTH
    deeds = words.OWN_DEEDS if doer == Doer.PERSON else words.HEALTH_DEEDS if is_health else words.DEEDS
    unit = units[at % len(units)] if doer == Doer.UNIT else None
    days = setting.next("due", (-20, -3, 2, 6, 14, 30, 50))
    due = held.opened_on + timedelta(days=70) if held.course.close else setting.today + timedelta(days=days)
    made = setting.add(
        Commitment,
        **held.about,
        plan=held.plan,
        goal=goal,
        doer=doer,
        unit=unit,
        other="Studieförbundet" if doer == Doer.OTHER else "",
        responsible=RECEIVERS.get(unit.name, held.by.name) if unit else "",
        what=setting.next(f"deeds {doer} {is_health}", deeds),
        category=Category.HEALTH if is_health else Category.PLANNING,
        starts_when=setting.next("starts when", ("", "", "När intyget har kommit.")),
        due_on=due,
        known_by=setting.next("known by", words.KNOWN_BY),
        person_does=setting.next("person does", ("", "", "Säger till i tid.")),
        position=at,
    )
    held.commitments.append(made)


def _beside(setting: Setting, held: Held) -> None:
    """What nobody undertakes, what nobody meets, and other plans."""
    row = {**held.about, "plan": held.plan}
    if setting.next("reserves", range(4)) == 0:
        unit = held.consented[-1] if held.consented else held.unit
        what, why = (
            setting.next("not undertaken", words.NOT_UNDERTAKEN),
            setting.next("because", words.NOT_BECAUSE),
        )
        setting.add(Reservation, **row, unit=unit, what=what, why=why)
    if setting.next("unmet", range(3)) == 0:
        area, why = setting.next("unmet areas", setting.life_areas), setting.next("unmet why", NeedLeft)
        setting.add(UnmetNeed, **row, life_area=area, what=setting.next("left", words.NEEDS_LEFT), why=why)
    if setting.next("other plans", range(2)) == 0:
        kind = setting.next("other kinds", OtherPlanKind)
        dated = held.opened_on - timedelta(days=40)
        setting.add(OtherPlan, **row, kind=kind, owner="Hos den som har gjort den", dated_on=dated)
