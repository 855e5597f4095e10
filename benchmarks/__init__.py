"""Workloads at scale, what they are held against, and the figures in `results.md`.

Generating work, timing it and checking its result belongs here. Nothing of the product imports from
here, and no product code is copied here: a benchmark runs what the product runs.
"""
