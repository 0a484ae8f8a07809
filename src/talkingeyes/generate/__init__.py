"""Speech -> Motion: the statistical generator, its renderer, director's marks and kept channels."""

from talkingeyes.generate.takes import AnimateOptions, animate, animate_takes

__all__ = ["AnimateOptions", "animate", "animate_takes"]
