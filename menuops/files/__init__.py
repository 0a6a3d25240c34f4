"""Files that a user writes: YAML and JSON, schema, variables, rules, the project, Git."""
