"""The trail: who did or saw what, about whom, for which unit, allowed by what.

It is the bottom of the house: it imports only `core`, has no foreign keys, and only `record()` writes it.
"""
