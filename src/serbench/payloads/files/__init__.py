"""Your own data as a payload: one module per format of files."""
