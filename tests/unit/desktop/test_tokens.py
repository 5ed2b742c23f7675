"""The palette keeps its contrast (WCAG 2.2: 4.5 for text, 3.0 for marks and borders of controls)."""

import pytest

from fluxdesk.desktop.tokens import PALETTES, contrast

TEXT = [
    ("text1", "panel"),
    ("text2", "panel"),
    ("text3", "panel"),
    ("text3", "raised"),
    ("text3", "selected"),
    ("text3", "canvas"),
    ("accent", "panel"),
    ("accent", "accent_tint"),
    ("on_accent", "accent_fill"),
    ("buy", "panel"),
    ("buy", "buy_tint"),
    ("buy", "selected"),
    ("sell", "panel"),
    ("sell", "sell_tint"),
    ("sell", "selected"),
    ("on_trade", "buy_fill"),
    ("on_trade", "sell_fill"),
    ("warn", "panel"),
    ("warn", "warn_tint"),
    ("on_bad", "bad_fill"),
    ("on_live", "live_fill"),
]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable_on_its_ground(theme: str, ink: str, ground: str) -> None:
    palette = PALETTES["dark" if theme == "dark" else "light"]
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_controls_and_focus_can_be_seen(palette: object) -> None:
    assert contrast(palette.control, palette.panel) >= 3.0
    assert contrast(palette.accent, palette.canvas) >= 3.0


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
