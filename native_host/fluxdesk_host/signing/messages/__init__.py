"""Messages: texts to sign, sign-ins, and bytes that are neither."""
