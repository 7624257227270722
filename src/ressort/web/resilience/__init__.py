"""Anticipate: choose shocks and levers, follow the runs, read the curve, the story, who lacks what.

/choc/<kind>/<code>/            choose          StressRun (one row a question: request, state, progress, answer)
/choc/resultat/<token>/         the answer, for whoever has its address; the same question is played once
worker (in the server)          takes the oldest waiting row; a row whose worker died goes back to waiting
"""
