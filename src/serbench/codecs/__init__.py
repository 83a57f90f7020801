"""Codec adapters: one module per library."""
