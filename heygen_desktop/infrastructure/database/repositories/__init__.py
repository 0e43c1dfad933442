"""One repository per aggregate, each on the transaction of its unit of work."""
