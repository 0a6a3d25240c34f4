"""What menuops itself remembers: runs with their journals and snapshots, and used plans."""
