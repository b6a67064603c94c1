"""Links for those without an account: a token that opens one thing, for a time, and nothing else.

A neutral link shows nothing that tells whose case it is and takes coded answers only. What leads to content
needs sign-in. The token is derived when the mail leaves; the database holds its hash.
"""
