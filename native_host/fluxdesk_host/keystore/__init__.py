"""The keystore file: one encrypted payload under a passphrase, written so that no crash and no full disk loses it.

What the payload holds is the agent's matter. Reaches the file system, and for remembering on this device the desktop's
secret store; never a network.
"""
