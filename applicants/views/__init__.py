"""The doors of this room: the applicant's pages, the scholarship's, and the office's."""
