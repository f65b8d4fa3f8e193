"""Which build of a framework a machine should have."""
