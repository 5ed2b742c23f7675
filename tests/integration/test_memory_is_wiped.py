"""After a lock no key, no entropy and no key that they were sealed under is in the process: its memory is searched.

The words and the passphrase came as text from elsewhere and are not looked for: what a program typed, Python may keep.
"""

import json
import subprocess
import sys
from pathlib import Path

CHILD = '''
import gc, json, re, sys
from pathlib import Path
from fluxdesk_host.agent.vault import Vault, _seed_of, new_words, wallet_from
from fluxdesk_host.keys.hd import derive
from fluxdesk_host.keystore.kdf import Cost

HIDE = bytes(n ^ 0x5A for n in range(256))

def hidden(secret):
    """The bytes as the search knows them; made without a copy of them."""
    return bytes(n ^ 0x5A for n in secret)

def held(needles):
    counts = dict.fromkeys(needles, 0)
    for line in Path("/proc/self/maps").read_text().splitlines():
        start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\\\\S+)", line).groups()
        if rights[:2] != "rw" or "[v" in line:
            continue
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(int(start, 16))
            seen = bytearray(int(end, 16) - int(start, 16))
            try:
                memory.readinto(seen)
            except OSError:
                continue
            data = seen.translate(HIDE)
            seen[:] = bytes(len(seen))
        for name, needle in needles.items():
            counts[name] += data.count(needle)
        del data
    return counts

def secrets(vault):
    (wallet,) = vault.contents.wallets
    found = {"entropy": wallet.entropy, "seal": vault.contents.seal, "passphrase's key": vault._store._key.view()}
    found |= {account[:4]: key.private.view() for account, key in vault._keys.items()}
    return {name: hidden(secret) for name, secret in found.items()}

def on_the_way(vault):
    """The keys between the words and the accounts, which nothing needs once an account is derived."""
    (wallet,) = vault.contents.wallets
    with _seed_of(wallet) as seed:
        found = {"seed": hidden(seed.view())}
        for curve, path in (("secp256k1", "m"), ("secp256k1", "m/44'/60'/0'/0"), ("ed25519", "m/44'/501'/0'")):
            with derive(seed, path, curve) as node:
                found |= {path: hidden(node.private.view()), path + " chain": hidden(node.chain_code.view())}
    return found

path = Path(sys.argv[1], "keystore.fdk")
told = []
vault = Vault.create(path, bytearray(b"otter quilt marble seven"), wallet_from(new_words(12), bytearray(), "x"), Cost())
for turn in range(2):
    for account in vault.accounts:
        if account.startswith("sol"):
            vault.key(account).sign_ed25519(b"x")
    needles = secrets(vault)
    gone = on_the_way(vault)
    before, passing = held(needles), held(gone)
    vault.close()
    del vault
    gc.collect()
    told.append([before, passing, held(needles)])
    if not turn:
        vault = Vault.open(path, bytearray(b"otter quilt marble seven"))
print(json.dumps(told))
'''


def test_after_a_lock_no_copy_of_a_key_is_in_the_process(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": ":".join(p for p in sys.path if p)}
    command = [sys.executable, "-c", CHILD.replace("\\\\", "\\"), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    for before, passing, after in json.loads(done.stdout):
        assert set(before) == {"entropy", "seal", "passphrase's key", "evm:", "sola"}
        assert all(before.values()), before  # the search finds what is there
        assert not any(passing.values()), passing
        assert not any(after.values()), after
