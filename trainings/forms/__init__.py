"""What people and the office fill in about trainings, a file for each noun."""
