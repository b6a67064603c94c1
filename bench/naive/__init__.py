"""N: the ordinary competent page, to compare throughput with.

Here: the received plan and the plan being written as one would write them without measuring: Django's
sessions and users, models with select_related and prefetch_related, Django's templates. It stands behind
the same wall (a plain statement opens the context) and on the same connection settings as ours; it writes
no trail. Not here: anything that the program uses.
"""
