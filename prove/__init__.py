"""Reliability programmes: each proves one promise, and shows that it would have noticed the opposite.

Lives here: one programme per file (`./humla prove NAME`) and, in `ground`, what they stand on. Not here:
tests of single functions (`tests/`), speed (`bench/`).
"""
