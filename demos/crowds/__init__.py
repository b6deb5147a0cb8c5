"""How the runs of a demo train together: one file a demo, named as the demo's file.

Each has `CHEAP`, the knobs that need no run of their own, `ALIKE`, those that change the networks'
shape, and `fill(herd)`, which trains the networks of all runs and gives each lane's outcome.
"""
