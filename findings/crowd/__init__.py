"""What crowds of runs show, by sweeps that anybody can repeat: `python -m findings.crowd.facts`."""
