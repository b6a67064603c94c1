"""The pages of a case's meetings: planned, summoned to, answered, held.

One file per thing that is done: `screen` (the list and the meeting), `planning`, `calling`, `answering`,
`holding`. What they share stands in `opening`; how a frozen summons is read, also by its receiver and the
person, in `reading`.
"""
