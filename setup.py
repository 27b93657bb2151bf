"""What `pyproject.toml` cannot say: the catalogs of `locales/` are installed into the package."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[
        *find_namespace_packages(include=["tlcore", "tlcore.*"]),
        "tlcore.locales",
        *(f"tlcore.locales.{name}" for name in find_namespace_packages("locales")),
    ],
    package_dir={"tlcore.locales": "locales"},
)
