"""Many rows: durable runs with a ledger (`durable`), and streams without one (`stream`)."""
