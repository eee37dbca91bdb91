"""The publishers' interfaces: what to ask each of them, and what their answers say. Nothing here opens a connection."""
