"""One contract per port, held against the written fake and the real adapter."""
