"""Runs side by side. `build.compare` makes a `parts.Comparison` of two, `history.history` a `parts.History`. Pure."""
