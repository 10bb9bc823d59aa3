"""The validator: findings about manifests, and whether Argo would take them."""
