"""Benchmarks that a user can run: ``make bench``. No test asserts a time."""
