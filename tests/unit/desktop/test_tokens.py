"""The palette keeps its contrast (WCAG 2.2: 4.5 for text, 3.0 for marks and borders of controls)."""

import pytest

from fluxdesk.desktop.tokens import PALETTES, Palette


def luminance(colour: str) -> float:
    """Relative luminance of sRGB `#RRGGBB`, 0 to 1 (WCAG 2.2 definition)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


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
def test_controls_and_focus_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.control, palette.panel) >= 3.0
    assert contrast(palette.accent, palette.canvas) >= 3.0


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
