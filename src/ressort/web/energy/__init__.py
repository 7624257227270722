"""Screens of energy: what a territory uses, makes and could make, the flows that match, who would earn."""
