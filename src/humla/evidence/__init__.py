"""Underlag before a meeting: what is asked from whom by when, what they answered, and how far it has come.

What is sent stays with its owner and travels outside Humla, on paper or between the parties' own systems:
here lie only its kind, the day and the answer. The one exception is a party's own view before the meeting,
which it writes itself and which the holder and the person read.

Held by the authority that leads the case. A unit that is asked reads no row here: it sees a kind, a day and a
reference, by a neutral link or signed in.
"""
