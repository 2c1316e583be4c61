"""How repositories and processes stand: what waits, what came of it, what a maintainer can put
right."""
