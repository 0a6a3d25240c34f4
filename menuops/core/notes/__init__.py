"""What is to be said of each rule, by where it looks; core/rulebook.py puts them together."""
