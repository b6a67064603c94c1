"""The figures that the year must add up to, and where they come from.

Here: counts. Not here: how a case with them looks (`course.py`).
"""

from humla.followups.models import Livelihood

SEED = 2022

SIPS = 100
"""Plans made for as many persons (S4 4.4)."""

WOMEN, MEN = 42, 58
"""Whose they were (S4 5.3)."""

INITIATORS = {"socialsekreterare": 48, "arbetskonsulent": 30, "arbetscoach": 1, "vården": 21}
"""Who saw the need (S4 4.4); all but those of the care came by way of the coordinator: 79."""

CARE = ("rehabkoordinator", "kurator", "läkare")

CONSULTATIONS = 165
ASKERS = {"socialsekreterare": 26, "arbetskonsulent": 16, "arbetscoach": 1, "arbetsförmedlare": 2}
"""Consultations, and by how many of each profession: 45 askers (S4 4.4)."""

PREPARATORY = 40
"""Förmöten held with the coordinator (S4 5.1)."""

OUTCOMES = {
    Livelihood.SICKNESS_COMPENSATION: 6,
    Livelihood.ACTIVITY_COMPENSATION: 6,
    Livelihood.WORK: 7,
}
PENDING = 2
"""What cases ended in, all in full; and decisions still waited for (S4 5.1)."""
