"""Following up: the status each party keeps of what it undertook, the follow-up meeting, and the close.

Reads the plan and changes nothing in it: a changed plan is a new version.
"""
