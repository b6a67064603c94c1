"""The Django app of `humla.cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "humla.cases"
