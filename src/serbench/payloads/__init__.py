"""Payloads: one seeded generator per module, and loading of files."""
