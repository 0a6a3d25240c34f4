"""Values to text: each view is a function that returns a string and prints nothing."""
