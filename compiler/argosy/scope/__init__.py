"""Which variables exist where: as Argo's linter believes (``walk``, for its verdict), and as it is when the workflow
runs (``places``, for stricter rules). Both derive from the catalogue in :mod:`argosy.variables`."""

from __future__ import annotations

from argosy.scope.notes import Arrival, Call, CallFault, Place, Unknown, Visit, Walk
from argosy.scope.walk import walk
from argosy.workspace import spec_address

__all__ = ["Arrival", "Call", "CallFault", "Place", "Unknown", "Visit", "Walk", "spec_address", "walk"]
