"""The Django app of `humla.meetings`."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "humla.meetings"
