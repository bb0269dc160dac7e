"""The doors: a person's jobs, the verifier's link, the supervisor's team, the office."""
