"""Humla: one coordinated individual plan, made by all the authorities around a person.

One sub-package per concept, each a tiny Django app with models (what is true), rules (what may
happen), actions (what happens) and notices (what people are told). The surfaces `web` and `ops`
stand on top and own no tables; `walls` is the database's half of the secrecy rule.
`docs/architecture.md` shows the layers and where to begin.
"""
