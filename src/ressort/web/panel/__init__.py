"""The life of a citizens' panel, from its quotas to the answer of the authority.

Panel ──< Quota                                   what the panel must look like
  ├────< Volunteer ─── Contact                    who came forward; the contact and the answers are erased by rule
  ├────< Draw ──< Seat ──< Attendance >── Meeting frozen, then drawn once; replacements are draws of their own
  ├────< Document
  └────< Point                                    the opinion, and the answer point by point
"""
