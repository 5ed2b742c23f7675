"""Write what is made from the interfaces: `python -m interfaces` in contracts/solana."""

from interfaces.files import files

for path, text in files().items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
