"""Portion marks and classification: their order, the banner over many rows, derived-from, declassify-on."""
