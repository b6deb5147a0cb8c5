"""The lab: one file a demo, and the engine they share. Knows NumPy and Numba only."""
