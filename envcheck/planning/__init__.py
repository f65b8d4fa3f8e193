"""What to install on a machine, and how: the commands, what comes before them, and why."""
