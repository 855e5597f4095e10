"""Landing zone to lake: what exported files look like, how they are read, how they are kept.

Source words end here and in the staging models. Meaning (what counts as a reply, a session, a cost)
is never decided in this package.
"""
