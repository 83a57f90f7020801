"""`python -m serbench`: the command line."""

from serbench.cli import main

main()
