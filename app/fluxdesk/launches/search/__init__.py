"""Search over name, symbol, description, creator and mint of every token: words, prefixes, OR, phrases, one typo.

A tantivy index beside the tables and made from them; it may be deleted at any time. It never sees the event path: a
thread of its own reads what changed from the store. Why tantivy and not SQLite's FTS5: docs/adr/0008-search.md.
"""

from fluxdesk.launches.search.index import SearchIndex, TextSource

__all__ = ["SearchIndex", "TextSource"]
