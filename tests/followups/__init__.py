"""Tests of following up: each party's status, follow-ups, closing, and what is to be done today."""
