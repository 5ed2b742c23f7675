"""Who may start the bridge, and what it is called. The id follows from the public key in extension/manifest.json."""

HOST_NAME = "io.fluxdesk.bridge"
EXTENSION_ID = "obdbnljambbnoklmgaoddcnapibophjg"
CALLER = f"chrome-extension://{EXTENSION_ID}/"
"""What the browser gives as the first argument."""
