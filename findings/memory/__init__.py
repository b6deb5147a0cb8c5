"""Simulated learners whose memory is not FSRS's: what a schedule makes them know, and for how long.

`python -m findings.memory.table` runs all of it and makes the table of docs/memory.md.
"""
