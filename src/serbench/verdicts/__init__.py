"""Three ways to a verdict: two sides measured now, two saved runs, or now against a baseline. One rule, one policy."""
