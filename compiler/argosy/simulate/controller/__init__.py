"""Argo's workflow controller as a function of events: node state and what pods have come to in, commands out."""
