"""One module for each export shape: what the world looks like in the files of each system.

A writer knows headers, formats and the file names of its tool. It decides nothing about the
world; which rows arrive late, twice or broken is decided in `simulator.dirt`.
"""
