"""Notices that leave Humla: an outbox in the same transaction as the act, and what carries them away.

A notice says what kind of thing it is, by when, and where to go; never who it is about (NOT-2). It knows no
concept above it: who queues one gives its kind, a deadline and the id of the thing it tells of.
"""
