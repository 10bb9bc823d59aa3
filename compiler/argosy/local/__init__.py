"""Pods that are really run, on this machine: scripts and shell containers in a scratch directory, or their images.

It is a provider for the simulator (``argosy.simulate.outcomes.Provider``). Nothing here runs unless it is asked for.
"""
