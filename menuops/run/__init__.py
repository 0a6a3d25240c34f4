"""The use cases: each is a function of settings and a remote, and returns values."""
