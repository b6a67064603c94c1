"""The Django app of `humla.disclosures`."""

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "humla.disclosures"
