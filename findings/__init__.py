"""Measurements and surprises, run by hand: no part of the wheel, and no test waits for them."""
