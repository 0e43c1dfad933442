"""One protocol per aggregate: what may be asked of its store."""
