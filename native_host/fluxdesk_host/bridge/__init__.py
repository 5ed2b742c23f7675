"""The native-messaging host that a browser starts: a relay without keys. Its run-time part needs the standard library
alone.
"""
