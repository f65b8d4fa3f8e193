"""What documents require, as data, and its loading."""
