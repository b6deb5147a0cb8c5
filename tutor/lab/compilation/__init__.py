"""Compiling the demos' kernels ahead of time, in processes of their own."""
