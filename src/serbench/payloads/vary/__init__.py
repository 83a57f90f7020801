"""Further instances from a few: the same shapes, widths and lengths with other content."""
