"""The loads and timings behind every claim of speed in `docs/performance.md`."""
