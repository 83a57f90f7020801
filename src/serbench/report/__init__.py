"""A run as words, tables and series: `build.build` makes a `parts.Report` of it. Pure."""
