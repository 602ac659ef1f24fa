"""The shop's database: one schema on SQLite and Postgres, one query file a noun.

`database.Store` opens it, `schema` declares it, `migrations` brings an older one up to date.
Query functions take a connection and never commit; `Store.begin()` is the transaction.
"""
