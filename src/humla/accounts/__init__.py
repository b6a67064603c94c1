"""Who signs in, and for how long.

A person identifies with an e-legitimation at an issuer we trust; what we keep of that is the issuer's
random-looking subject and, for someone who has a person number, a keyed hash of it. No name, no number, no
e-mail, no claim. A session is a row that says which account, at what level, acting as what; the browser holds
a random token and the row its hash, so neither a copied database nor a log opens anybody's session. Which
assignments an account may choose among is the organisation's fact and is asked of the database.
"""
