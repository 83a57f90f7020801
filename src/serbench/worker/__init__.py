"""The program that measures. Standard library only."""
