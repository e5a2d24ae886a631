"""Everything that outlives a run: tables, the store, the outbox, and the record of the law.

May import :mod:`extract`. The SQL toolkit lives here alone.
"""
