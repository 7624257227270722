"""Scenarios: move levers, see the ranges, compare up to four. The address holds the whole state; nothing is stored.

/scenario/<kind>/<code>/?organic_share=0.5             one scenario beside today
/scenario/<kind>/<code>/comparer/?s=…&s=…              several side by side, each `s` being the words of one
"""
