"""Accounts, rights and personal data.

Person ──< Grant (a territory, a role)        access.require(person, action, territory) is the only door
   └────< Entry (who did what, when)          register: what is kept, why, how long
"""
