"""The wires of the simulated car: bytes in, bytes out, on this machine only."""
