"""Scholarships in the administration: rounds for the officer, essays for their readers."""

from applicants.admin import ledger, reviews, rounds

__all__ = ["ledger", "reviews", "rounds"]
