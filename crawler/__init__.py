"""The composition root: command line, settings, schedule, and the crawl.

May import everything. Scrapy, APScheduler and the command-line toolkit live here alone.
"""
