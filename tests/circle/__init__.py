"""Two modules that import each other, so that a contract can be seen to break."""
