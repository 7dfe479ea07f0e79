"""Border-security figures from embassy cables: read, claimed by metric, reconciled, charted."""
