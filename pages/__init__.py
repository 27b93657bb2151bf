"""The lesson: one file a page. Only here and in `pages.ui` is anything drawn."""
