"""Python environments and what is installed in them."""
