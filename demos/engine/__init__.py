"""The few kernels that all demos share."""
