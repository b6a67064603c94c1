"""Measurements: how fast the pages are, as ratios inside one run (`./humla bench NAME`).

Here: one module per measurement, each with a `main`. What they stand on lies in `bench.stage`, and the
ordinary page that ours is compared with in `bench.naive`. Not here: whether the pages are right (`tests`,
`prove`).
"""
