"""Watches official sources for documents that may belong into the record.

Each kind of source has a file of its own, which reads what its servers answer: bytes in, documents
out, errors as values. What is about one law (terms, bills, titles, headings) is data of its watch.
"""
