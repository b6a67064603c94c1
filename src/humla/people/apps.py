"""The Django app of `humla.people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "humla.people"
