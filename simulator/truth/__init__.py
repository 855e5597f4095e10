"""The true KPI values of a simulated company.

Computed from the world's own threads, sessions, posts and surveys by plain Python and arrays,
following the definitions. Nothing here reads an export or a model of the warehouse, and no SQL is
used.
"""
