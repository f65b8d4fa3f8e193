"""CUDA's own files, and libraries as the loader finds them."""
