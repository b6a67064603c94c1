"""Tests of the plan: its rules, its actions, its document."""
