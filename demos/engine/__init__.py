"""The few Numba kernels that all demos share."""
