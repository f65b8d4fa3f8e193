"""Files and tools of Linux."""
