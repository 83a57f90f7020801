"""Frozen records, standard library only: what is measured, what it gave, and the run that holds both."""
