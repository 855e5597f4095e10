"""Plausibility of the KPI marts: Great Expectations suites as blocking checks before publishing.

Expectations (data), the frames they look at (SQL) and the code that runs them belong here. Rules
about a row, a key or a reference do not: they are dbt tests beside their models.
"""
