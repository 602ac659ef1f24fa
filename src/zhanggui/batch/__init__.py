"""Many rows: durable runs with a ledger (`run`), and streams without one (`stream`)."""
