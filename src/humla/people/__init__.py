"""The persons whom plans are about, one row per authority that knows them.

A tenant-wide unique number would tell one authority that another knows the person, so the same human
has one row in each authority that registered her.
"""
