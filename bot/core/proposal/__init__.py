"""The rolling pull request, decided: what is on it, what people did to it, what to write next."""
