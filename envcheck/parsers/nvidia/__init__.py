"""What NVIDIA's driver and its tools print."""
