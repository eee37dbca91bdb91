"""One script a page, run by `app.py`: choose, load, compute, draw, cite."""
