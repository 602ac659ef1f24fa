"""Files in and out: encodings, tables, columns, records, shop folders."""
