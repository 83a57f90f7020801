"""What messages are made of, and what will go wrong with them where."""
