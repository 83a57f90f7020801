"""Schedules workers, rounds and blocks. Nothing here prints."""
