"""What the model said, in words, numbers with receipts and tables; one module for what one panel shows."""
