"""The conformance kit: whether a codec keeps its side of the protocol, checked in processes of its own."""
