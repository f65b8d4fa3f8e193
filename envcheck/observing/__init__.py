"""Running the probes and making a snapshot of what they found."""
