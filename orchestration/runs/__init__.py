"""What a run did, told from its own events: facts, a summary that people read, and who is told.

Reading Dagster's event log after or during a run belongs here. What a step does is in the module of
its asset, and records that later runs read are written by `history.py`.
"""
