"""The web page: what is asked and answered in a browser, by the same doors as everything else."""
