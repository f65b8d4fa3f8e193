"""What macOS says of a machine."""
