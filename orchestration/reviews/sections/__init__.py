"""The sections that review pages are put together from, one module a subject.

A section picks KPIs, asks the desk for blocks and says in a sentence what they show. Fetching,
formatting and drawing belong to the desk, the wording and the charts.
"""
