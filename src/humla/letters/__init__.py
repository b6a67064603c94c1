"""Letters on paper: for everybody who is called to a meeting and has no mailbox with us.

A letter is not a row that somebody remembers to make. It follows from the summons: whoever was called, moved
or called off and cannot be told by mail is to have a letter. A row is written when it has been sent, or when
somebody asks for a reminder; so nothing is forgotten and nothing goes twice.
"""
