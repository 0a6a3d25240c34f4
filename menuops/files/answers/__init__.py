"""Answers of the remote, saved in a file, of whatever kind."""
