"""YAML as Argo reads it (``read``), as people write it (``write``), and changed in place (``edit``)."""
