"""What the published figures say, in words: headlines, computed titles, notes. Numbers come with their receipts."""
