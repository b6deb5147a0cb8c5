"""Every verdict of every demo on a hundred seeds, beside the wrong setting that must fail it."""
