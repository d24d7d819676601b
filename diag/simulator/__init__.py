"""A car in software behind real wires. It shares no protocol code with the tool that talks to it."""
