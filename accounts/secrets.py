"""Secrets of a moment, such as a sign-in code: ciphertext while they wait to be sent, gone afterwards."""

from accounts.stories import _keys


def shut(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def opened(ciphertext: str) -> str:
    return _keys().decrypt(ciphertext.encode()).decode()
