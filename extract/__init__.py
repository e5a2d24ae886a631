"""Reads pages: HTML in, articles and the claims they make out.

Pure: no network, clock, database or environment. Imports nothing of the other packages.
"""
