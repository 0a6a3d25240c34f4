"""A plan as it is shown: the one model that text, Markdown and HTML lay out."""
