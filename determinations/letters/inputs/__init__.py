"""Files, archives and PDFs to readings."""
