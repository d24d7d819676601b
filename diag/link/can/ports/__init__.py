"""Ports that pyserial opens by the name of their scheme."""
