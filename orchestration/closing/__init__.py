"""Closing a month or quarter: what was told stays as it was, and later numbers are held against it.

Copying, checksums, the records that rebuilds are compared with and the way back to a closed review
belong here. What has changed since, and why, is computed by the mart `kpi_restatements`.
"""
