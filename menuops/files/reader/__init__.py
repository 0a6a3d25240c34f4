"""Reading YAML and JSON: every text with its place, every slip named."""
