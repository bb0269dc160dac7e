"""The broker of the demonstration."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from certportal import files_broker


@pytest.fixture
def broker(tmp_path: Path) -> Connection:
    files_broker.use()
    folder = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path / "c")}
    with Connection("filesystem://", transport_options=folder) as connection:
        yield connection


def test_a_reader_in_a_hurry_never_sees_half_a_message(broker):
    written, read = [f"message {number} " * 200 for number in range(300)], []
    channel = broker.channel()

    def write() -> None:
        writer = broker.clone().channel()
        for text in written:
            writer._put("celery", {"body": text})

    hand = threading.Thread(target=write)
    hand.start()
    while hand.is_alive() or len(read) < len(written):
        was_writing = hand.is_alive()  # asked before: it may write its last ones between our look and our next question
        try:
            read.append(channel._get("celery")["body"])
        except Empty:
            assert was_writing or len(read) == len(written)

    assert sorted(read) == sorted(written)
