"""Sweeps: many runs of a demo over its knobs and over seeds, and what they say together."""
