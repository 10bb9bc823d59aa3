"""The typed front-end: Python functions are templates, and calling one in the body of a workflow adds a step."""
