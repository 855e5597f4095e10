"""Reviews: the pages people read, made from the published serving snapshot.

Wording, charts, templates and the writing of pages belong here. Computing a KPI does not: every
number comes from a cell of the published scorecard, and nothing here opens the warehouse.
"""
