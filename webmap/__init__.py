"""The web application: pages, maps and the API, read from one edition and nothing else."""
