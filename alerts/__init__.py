"""Judges claims against the record, and delivers what comes of it.

May import :mod:`extract` and :mod:`state`.
"""
