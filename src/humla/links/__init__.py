"""Links for those without an account: a token that opens one thing, for a time, and nothing else.

A neutral link shows nothing that tells whose case it is and takes coded answers only. An opening link leads
to content, and is opened with a one-time code to a telephone that the unit registered in advance. The token
is derived when the mail leaves; the database holds its hash.
"""
