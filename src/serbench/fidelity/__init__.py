"""What comes back of awkward values, and what decoders do with broken input: in workers of their own, never timed."""
