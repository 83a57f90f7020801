"""Both sides of an A/B measured now, in pairs, for the gate to decide."""
