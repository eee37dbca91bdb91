"""The read-only interface `/api/v1`: the pages' figures and the model's answers as JSON, CSV and Parquet.

It speaks the pages' own filter names, has no Streamlit in it, and holds nothing but small caches by data version.
"""
