"""The short names people see and say on the phone; database keys stay inside."""

import secrets

# No vowels (no words by accident), nothing that looks like something else.
LETTERS = "23456789BCDFGHJKMNPQRTVWXZ"


def new_reference(prefix: str, length: int = 7) -> str:
    """For example TA-7K3QM2W. Random, so that one does not tell how many there are or what the next will be; long
    enough that among a hundred thousand rows a new one meets an old one once in eighty thousand times."""
    return f"{prefix}-" + "".join(secrets.choice(LETTERS) for _ in range(length))


def person_reference() -> str:
    return new_reference("P")


def sign_in_name() -> str:
    return new_reference("me", 8).lower()
