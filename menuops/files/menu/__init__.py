"""A menu file: from its tree to what an account wants, and back to a file."""
