"""Meetings around a person: preparation, summons and answers, who came, when we meet again.

Held by the authority that leads the case. What another authority gets of a meeting is the summons: a frozen
document, handed over under consent. Here too: the person's own preparation, hers until she hands it in.
"""
