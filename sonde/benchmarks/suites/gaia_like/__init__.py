"""A suite in the manner of GAIA: three levels over a local corpus and attachments."""
