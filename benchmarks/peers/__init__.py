"""The same tickets through other ways of measuring waits in business time, and through ours.

The tickets, each way and the comparison have a module of their own. Nothing here is used by the
product, and no other project's code is copied: each way is written from its description.
"""
