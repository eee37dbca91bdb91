"""Files that leave the dashboard: CSV with receipts."""
