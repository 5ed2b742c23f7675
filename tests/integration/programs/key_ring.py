"""In a session with a real secret service: an agent remembers its keystore, locks, opens it without the passphrase.

`python -m integration.programs.key_ring FOLDER` prints one JSON object.
"""

import json
import sys
from pathlib import Path

import keyring

from agent_process import EVM, PASSPHRASE, AgentProcess, encoded, make_keystore
from fluxdesk_host.keystore import device
from waiting import until


def there() -> bool:
    keyring.core.init_backend()
    return device.available()


def main() -> None:
    folder = Path(sys.argv[1])
    data, run = folder / "data", folder / "run"
    run.mkdir(mode=0o700)
    make_keystore(data)
    until(there)
    told: dict[str, object] = {}
    with AgentProcess(data, run, "--key-ring") as agent:
        desk = agent.ready().desk
        told["before"] = desk.fails("unlock_remembered")
        desk.unlock()
        told["wrong passphrase"] = desk.fails("remember", passphrase=encoded("wrong"))
        desk.do("remember", passphrase=encoded(PASSPHRASE))
        desk.do("lock")
        desk.do("unlock_remembered")
        told["accounts"] = [a["id"] for a in desk.do("list_accounts")]
        told["export"] = desk.fails("export", account=EVM, passphrase=encoded("wrong"))
    with AgentProcess(data, run, "--key-ring") as agent:  # and after a restart
        desk = agent.ready().desk
        desk.do("unlock_remembered")
        desk.do("forget_device")
        desk.do("lock")
        told["forgotten"] = desk.fails("unlock_remembered")
    with AgentProcess(data, run) as agent:
        told["without the option"] = agent.ready().desk.fails("unlock_remembered")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
