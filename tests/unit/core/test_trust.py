"""Outgoing TLS checks certificates, also on a machine that has none of its own."""

import ssl

from fluxdesk.core.trust import trust


def test_certificates_and_host_names_are_checked_against_shipped_authorities() -> None:
    context = trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] > 50
    assert trust() is context
