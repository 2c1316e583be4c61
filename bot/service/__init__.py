"""What runs: the web side, the worker, and the pages."""
