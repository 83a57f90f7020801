"""The neutral description of a payload's shape, and everything that is derived from it. Standard library only."""
