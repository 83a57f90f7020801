"""Whether this machine and this Python are fit to measure, and what would make them fitter."""
