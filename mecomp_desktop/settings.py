"""One frozen, validated settings object, kept as TOML."""
