"""Two runs side by side: `build.compare` makes a `parts.Comparison` of them. Pure."""
