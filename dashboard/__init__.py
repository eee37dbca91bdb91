"""The dashboard: store -> model -> charts -> page. It reads the views of the warehouse and never writes."""
