"""The few Numba kernels that all demos share."""

# First of all: how Numba's own files are read and written.
from demos.engine import kernel_files as kernel_files
