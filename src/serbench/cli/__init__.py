"""The command line: parse, one call of the library, print. Everything it prints on stdout was asked for."""
