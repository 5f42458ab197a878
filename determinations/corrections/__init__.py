"""Corrections as they meet a reading: what can be corrected, and how it is laid over what was read.

``kinds`` and ``fields`` say what can be corrected, ``applying`` lays corrections over the rows of a reading. Making
them is curation's.
"""
