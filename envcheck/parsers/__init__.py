"""Pure parsers of what files and tools say: standard library only, Python 3.8 and newer, shared by probes and readers."""
