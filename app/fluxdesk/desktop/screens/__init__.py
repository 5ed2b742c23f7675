"""One package or module a screen. A screen is given what it shows and what it may ask for; it starts nothing itself."""
