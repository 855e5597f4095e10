"""The Dagster code location: files in, audited marts and reviews out.

Here Python moves files, starts dbt, runs checks and draws pages.
Modelling is not done here: every number is computed by the SQL under models/.
"""
