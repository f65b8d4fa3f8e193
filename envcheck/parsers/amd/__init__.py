"""What AMD's driver and its tools print."""
