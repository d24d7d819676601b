"""The engine of terrano: links to a car, readings with their evidence, and the commands on top."""

__version__ = "0.1.0"
