"""Commands: flags in, exit code out. What they do is in `menuops.run`."""
