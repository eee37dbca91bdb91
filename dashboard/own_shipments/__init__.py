"""What a reader's own shipments say, in words, tables and pictures; and a made-up example of them."""
