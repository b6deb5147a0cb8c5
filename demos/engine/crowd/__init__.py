"""Many networks of one shape at once, one to each lane of a number that is sixteen numbers.

`crowd.Crowd` is what demos and sweeps use; `docs/crowd.md` tells why it is so much faster than one
network after the other.
"""
