"""The app of letters on paper."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Letters on paper: how somebody is reached, and what has been sent."""

    name = "humla.letters"
