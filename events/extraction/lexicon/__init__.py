"""What the stages know of a language: `data/<language>/*.toml`, loaded and checked once."""
