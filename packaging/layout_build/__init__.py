"""The build step behind `make layouts`: published IDLs in, our own layout tables out. Not part of the application."""
