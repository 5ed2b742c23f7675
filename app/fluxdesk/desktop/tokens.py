"""Colour, type, space and motion of every screen, as plain data. Knows nothing of Qt."""

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["dark", "light"]
Role = Literal[
    "micro", "small", "small_strong", "body", "medium", "strong", "title", "h2", "display", "hero", "mono", "mono_micro"
]

ROW, HEADER, BAR, STATUS, CONTROL, CONTROL_LARGE, DENSE = 44, 32, 48, 28, 28, 36, 24
RAIL, DETAIL = 64, 328
INSET = 16
"""From the edge of a screen to its titles, its tools and the words of its lists."""
CONTROL_RADIUS, CARD_RADIUS, DIALOG_RADIUS = 6, 8, 12
SMALLEST = (1280, 800)

FLASH_MS, FLASH_STEP_MS = 1200, 50
NEW_FOR_S = 30
"""How long a row carries the word New."""

SANS = ("Inter", "Inter Variable", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO = ("JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono", "monospace")


@dataclass(frozen=True, slots=True)
class Face:
    """One role of type: pixel size at 100 %, weight, and whether it is the fixed-width family."""

    px: int
    weight: int = 400
    mono: bool = False


TYPE: dict[Role, Face] = {
    "micro": Face(11),
    "small": Face(12),
    "small_strong": Face(12, 600),
    "body": Face(13),
    "medium": Face(13, 500),
    "strong": Face(13, 600),
    "title": Face(15, 600),
    "h2": Face(18, 600),
    "display": Face(24, 600),
    "hero": Face(32, 600),
    "mono": Face(12, mono=True),
    "mono_micro": Face(11, mono=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One colour a role. A `*_fill` carries its `on_*` colour; a `*_tint` carries the plain colour as text."""

    canvas: str
    panel: str
    raised: str
    hover: str
    selected: str
    line: str
    line_strong: str
    control: str
    text1: str
    text2: str
    text3: str
    accent: str
    accent_fill: str
    on_accent: str
    accent_tint: str
    buy: str
    buy_fill: str
    buy_tint: str
    sell: str
    sell_fill: str
    sell_tint: str
    on_trade: str
    warn: str
    warn_tint: str
    bad_fill: str
    on_bad: str
    bad_tint: str
    live_fill: str
    on_live: str
    scrim: str


DARK = Palette(
    canvas="#0A0C10",
    panel="#0F1217",
    raised="#161A21",
    hover="#151A21",
    selected="#1A2036",
    line="#1E232C",
    line_strong="#2C333F",
    control="#667080",
    text1="#ECEEF2",
    text2="#A9B1BE",
    text3="#838D9C",
    accent="#8F9DFF",
    accent_fill="#4C5BE0",
    on_accent="#FFFFFF",
    accent_tint="#181D38",
    buy="#3CCB9B",
    buy_fill="#0B7A58",
    buy_tint="#0E2621",
    sell="#FF7F70",
    sell_fill="#C03A2E",
    sell_tint="#2E1719",
    on_trade="#FFFFFF",
    warn="#F2B84B",
    warn_tint="#2A2213",
    bad_fill="#FF7F70",
    on_bad="#2A0705",
    bad_tint="#2E1719",
    live_fill="#F2B84B",
    on_live="#1E1500",
    scrim="#000000A8",
)
LIGHT = Palette(
    canvas="#F5F6F8",
    panel="#FFFFFF",
    raised="#F2F4F7",
    hover="#F6F7F9",
    selected="#EAEDFF",
    line="#E4E7EC",
    line_strong="#CDD3DB",
    control="#7F8896",
    text1="#12161D",
    text2="#465062",
    text3="#606A79",
    accent="#4350D6",
    accent_fill="#4350D6",
    on_accent="#FFFFFF",
    accent_tint="#ECEEFF",
    buy="#08704F",
    buy_fill="#08704F",
    buy_tint="#E4F4EE",
    sell="#B9301F",
    sell_fill="#B9301F",
    sell_tint="#FCEBE8",
    on_trade="#FFFFFF",
    warn="#855400",
    warn_tint="#FFF3DC",
    bad_fill="#B9301F",
    on_bad="#FFFFFF",
    bad_tint="#FCEBE8",
    live_fill="#FFC14D",
    on_live="#2B1D00",
    scrim="#10142266",
)
PALETTES: dict[ThemeName, Palette] = {"dark": DARK, "light": LIGHT}

AVATAR_TONES = (
    "#5B6CFF",
    "#2A9D8F",
    "#C8553D",
    "#8E6FD8",
    "#B8862B",
    "#3D8BC8",
    "#B5527A",
    "#5A8F3C",
    "#7A7F8C",
    "#C2703D",
)
