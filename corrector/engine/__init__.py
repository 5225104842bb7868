"""The engine: scan → context → diagnose → decide. Pure: no files, no printing, no knowledge of its callers.

Start reading at :mod:`corrector.engine.run`, which is the way of the data in one function.
"""
