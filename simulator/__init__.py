"""A company's social year, simulated.

The package invents one company (profiles, agents, customers, posts, web visitors, surveys),
writes what its systems would export into a landing zone, and computes the true KPI values from
the invented world itself. Nothing here reads an export back, knows a model of the warehouse or
runs SQL: the truth must not share a mistake with what it is compared with.
"""
