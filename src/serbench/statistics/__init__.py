"""Point values and intervals: pure functions, each with its source."""
