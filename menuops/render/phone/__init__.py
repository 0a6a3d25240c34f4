"""A menu as a phone shows it: for the terminal, as HTML, SVG and PNG."""
