"""The ways into an outlet, and the spider that walks them.

May import Scrapy. What a way in answers is read by pure functions that run in a worker process.
"""
