"""Measurements of the whole product on one machine, each beside a baseline from the same run. See docs/bench.md."""
