"""What a measurement stands on: a seeded world, servers, a client, the duty done raw, and the report.

Here: everything that a second measurement would need too. Not here: which pages are measured and which
goals they have (`bench.pages`).
"""
