"""The Django app of `humla.evidence`."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "humla.evidence"
