"""The pure part of Ressort: arrays and tables in, arrays and tables out.

Nothing here reads a disk, a clock, a network or a random source: the day, the seed and the figures are arguments.
"""
