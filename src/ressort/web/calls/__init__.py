"""Calls for projects on screen, from the questions asked to the payments made.

authority    draft ─▶ published ─▶ [closes by the clock] ─▶ deliberation ─▶ decisions ─▶ agreement, payments, checks
applicant              └ a secret link: draft, files, submission, where it stands ──────────────┘
reviewer                             └ conflict declared or marks, two saves at once never lose one
everybody    the call, its grid, its results, published files, the share of aid under criteria
"""
