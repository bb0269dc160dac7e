"""The office's pages that span rooms, by noun."""
