"""Finding a territory, composing one's own, seeing where it lies.

search (a plain form; with JavaScript, suggestions) → /territoire/<kind>/<code>/
compose                                             → /groupe/?communes=…&nom=…   the address is the group: no account
"""
