"""Cooperation between territories: who could supply whom, which partners fit, the national view of each good.

place ─▶ queries (ressort.exchanges) ─▶ partners page · flow map and its list · files
jobs: optima of all communes, computed aside, told round by round, stopped at will
"""
