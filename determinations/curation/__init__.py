"""Curation: what people decide about what was read, kept as records and never written into the reading.

``correcting`` makes corrections and goes back on them, ``history`` tells what became of a letter.
"""
