"""What programs say when something is wrong, parsed into symptoms."""
