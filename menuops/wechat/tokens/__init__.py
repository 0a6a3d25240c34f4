"""Access tokens: where they come from, where they are kept, and the one object that owns them."""
