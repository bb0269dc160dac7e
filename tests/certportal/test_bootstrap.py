"""Set-up says what is missing in one sentence, and knows when it is done."""

import subprocess
import sys

import bootstrap
from tests.stack import ROOT

WITHOUT_ENSUREPIP = """
import runpy, sys
sys.modules["ensurepip"] = None
sys.argv = ["bootstrap.py"]
runpy.run_path("bootstrap.py", run_name="__main__")
"""


def test_a_python_that_cannot_make_environments_is_told_the_line_of_the_readme():
    done = subprocess.run([sys.executable, "-c", WITHOUT_ENSUREPIP], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, bootstrap.APT_LINE in done.stderr) == (2, True)
    assert bootstrap.APT_LINE in (ROOT / "README.md").read_text()


def test_set_up_is_done_when_the_stamp_holds_the_hash_and_nobody_pulled_the_plug(tmp_path):
    lock, stamp, unfinished = tmp_path / "requirements.lock", tmp_path / "stamp", tmp_path / "unfinished"
    lock.write_text("wheel==1\n")
    stamp.write_text(bootstrap.fingerprint(lock))
    assert bootstrap.is_done(lock, stamp, unfinished)

    unfinished.touch()
    assert not bootstrap.is_done(lock, stamp, unfinished)
    unfinished.unlink()
    lock.write_text("wheel==2\n")
    assert not bootstrap.is_done(lock, stamp, unfinished)


def test_the_lock_of_one_package_has_its_hashes_and_nothing_else():
    lines = bootstrap.block_of("uv", ROOT / "requirements-dev.lock").splitlines()

    assert lines[0].startswith("uv==")
    assert len(lines) > 1 and all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_no_committed_file_names_an_address_to_install_from():
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        assert "://" not in (ROOT / name).read_text(), name
