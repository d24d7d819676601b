"""Show the product to a technician: screens in a terminal over the same engine that the commands use."""
