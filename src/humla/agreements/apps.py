"""The Django app of `humla.agreements`."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "humla.agreements"
