"""What is known about a machine and an environment."""
