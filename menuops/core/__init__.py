"""Values and functions of values: no file, no network, no clock, no print."""
