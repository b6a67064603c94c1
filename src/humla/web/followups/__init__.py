"""Pages of following up: each party's status, the follow-ups of a case, its end, and their frozen documents.

Here: one file for each. Not here: the plan itself (`humla.web.plans`), nor what is to be done today
(`humla.web.today`).
"""
