"""The command line: parse, call the Shop, show. No decisions here."""
