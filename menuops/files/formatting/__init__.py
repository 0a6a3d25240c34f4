"""One style for the files that people write: comments kept, meaning never changed.

style.py makes sure of both; yaml_style.py writes YAML anew out of PyYAML's events and the
comments between its tokens; json_style.py writes JSON. A library that keeps comments
(ruamel.yaml) reads by other rules than our reader, and loses the blanks and the comments in
brackets that this keeps.
"""
