"""The Django app of `humla.organisation`."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "humla.organisation"
