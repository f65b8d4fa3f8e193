"""Facts and symptoms out of what people paste: one file per format, and `read` that puts them together."""
