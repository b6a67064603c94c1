"""A year in the fictitious förbund: cases, meetings, plans and consultations in the figures of a real report.

The figures are those of a year with a SIP-samordnare (S4); every person, word and place is invented. The rows
are written by the owner in bulk, since a year through the doors would take an hour; the first cases
(`data/demo/cases.toml`) go through rules and walls like anybody's.
"""
