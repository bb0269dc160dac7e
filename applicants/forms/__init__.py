"""What is typed in an application, for a scholarship, and at the office's desk."""
