"""Parts of ELF files beyond the dynamic section, and the loader's own cache."""
