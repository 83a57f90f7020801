"""The one part of the build that pyproject.toml has no settled words for: the sampler in C.

It is optional: without a C compiler everything else is installed, and the sampler in Python is used.
"""

from setuptools import Extension, setup

setup(ext_modules=[Extension("serbench.worker._sampler", ["src/serbench/worker/_sampler.c"], optional=True)])
