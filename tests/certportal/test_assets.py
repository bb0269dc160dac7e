"""What the browser loads is small, whole and ours."""

import gzip

from certportal import assets


def test_a_source_map_line_is_dropped_and_nothing_else():
    text = "a { color: red }\n/*# sourceMappingURL=portal.css.map */\nb { color: blue }\n"

    assert assets.without_map(text) == "a { color: red }\nb { color: blue }\n"


def test_a_changed_source_is_noticed(tmp_path):
    source = tmp_path / "own.scss"
    source.write_text("a {}")
    before = assets.digest([source])
    source.write_text("b {}")

    assert assets.digest([source]) != before


def test_the_stylesheet_is_small_and_fetches_nothing_from_elsewhere():
    css = (assets.BUILT / "portal.css").read_bytes()

    assert len(gzip.compress(css)) < 20_000
    assert b"://" not in css
    assert b"sourceMappingURL" not in css
