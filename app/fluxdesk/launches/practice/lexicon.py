"""Names for tokens of the practice market, put together from our own word lists; none is taken from a chain."""

from fluxdesk.launches.practice.dice import Dice

_HEADS = (
    "Sleepy", "Turbo", "Velvet", "Cosmic", "Pocket", "Grumpy", "Neon", "Paper", "Salty", "Quantum", "Lazy", "Golden",
    "Feral", "Polite", "Mossy", "Electric", "Tiny", "Royal", "Sunday", "Haunted", "Crunchy", "Midnight", "Honest",
    "Wobbly", "Arctic", "Spicy", "Wandering", "Unpaid", "Liquid", "Borrowed", "Plaid", "Second", "Retired", "Loud",
)  # fmt: skip
_BODIES = (
    "Otter", "Badger", "Teapot", "Walrus", "Pigeon", "Noodle", "Gecko", "Accordion", "Lighthouse", "Turnip", "Moth",
    "Kettle", "Yak", "Umbrella", "Capybara", "Biscuit", "Raccoon", "Trombone", "Cactus", "Llama", "Pretzel", "Heron",
    "Sock", "Gargoyle", "Pickle", "Comet", "Beetle", "Intern", "Wizard", "Toaster", "Anchovy", "Muffin", "Donkey",
    "Lantern", "Submarine", "Dumpling", "Ferret", "Ukulele", "Janitor", "Melon",
)  # fmt: skip
_TAILS = ("", "", "", "", "", " Coin", " Club", " 3000", " Inu", " Season", " Protocol", " on Chain", " DAO", " II")
_ODD = (
    "Ünïcorn Öffice",
    "眠い猫",
    "🦦🦦🦦",
    "Кот Архивный",
    "the token with a name so long that no table has room for it",
)


def name_and_symbol(dice: Dice) -> tuple[str, str]:
    """A name and its ticker. One in fifty is awkward on purpose: long, or outside ASCII."""
    if dice.chance(20):
        name = dice.pick(_ODD)
        return name, "".join(c for c in name.upper() if c != " ")[:5]
    head, body = dice.pick(_HEADS), dice.pick(_BODIES)
    name = head + " " + body + dice.pick(_TAILS)
    form = dice.below(4)
    symbol = (body, head[:2] + body[:3], body[:4], head[0] + body)[form].upper()
    return name, symbol[:10]
