"""What a simulated module answers: one file per family of services."""
