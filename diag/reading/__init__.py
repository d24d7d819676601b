"""What a workshop wants to know of a car: battery, ignition, radio, faults, identity, all in a scan."""
