"""What the Markets page says: what is known of each destination, their ranking, their size, and a sheet of one of them."""
