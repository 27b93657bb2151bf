"""What `pyproject.toml` cannot say: the catalogs of `locales/` are installed into the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["tlcore", "tlcore.*"]), "tlcore.locales"],
    package_dir={"tlcore.locales": "locales"},
)
