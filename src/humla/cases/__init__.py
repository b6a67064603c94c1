"""The case around one person, held by one authority, and who works in it.

That a professional has an assignment in the case is the first half of every right to read;
the second half is ownership, or consent and disclosure.
"""
