"""What the gate's file says: cases, tolerances, what is only warned of, accepted changes."""
