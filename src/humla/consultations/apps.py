"""The Django app of `humla.consultations`."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "humla.consultations"
