"""Sides of an A/B: environments with an interpreter and the packages that are measured in it."""
