"""The plan itself: the person's own goal, who does what by when, and who answers for the whole.

A draft is held by the lead authority. When it is adopted it becomes a frozen document, and that is
what is handed over.
"""
