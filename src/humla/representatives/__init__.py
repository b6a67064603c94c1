"""Those who act for the person: guardians, a god man, a proxy, a relative whom she has asked.

A mandate is attested by a human who has seen what it rests on, says in ticks how far it reaches, and ends by
itself. Nothing here is automatic: that two people are related opens nothing.
"""
