"""The engine: scan → diagnose → context → diagnose → decide. Pure: it reads the shipped models and no other file,
prints nothing and knows nothing of its callers.

Start reading at :mod:`corrector.engine.run`, which is the way of the data in one function.
"""
