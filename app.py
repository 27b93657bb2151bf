"""What `streamlit run` is given: the server, and the router that it runs for each page and person.

Streamlit finds the `App` here, imports this file and serves what it has made; that runs the file again, as a script,
for every run of a page: page configuration, navigation, run.
"""

from __future__ import annotations

if __name__ == "__main__":
    import streamlit as st

    from pages.ui.common.closed_sessions import note_use
    from pages.ui.common.dataset_line import take_up_images
    from pages.ui.common.document import configure_page, declare_language, readable_text
    from pages.ui.common.i18n import _, choose_language, language_switch
    from pages.ui.common.lesson.strip import lesson_strip, strip_place
    from pages.ui.common.messages import built_in_words, errors_in_words
    from pages.ui.common.navigation import name_of, next_link, open_page_asked_for, route
    from pages.ui.common.owner import remember_owner
    from pages.ui.common.presence import note_presence
    from pages.ui.common.process import let_go_of_uploads, set_imports_aside
    from pages.ui.common.restore import take_up_jobs
    from pages.ui.common.unsaved import ask_who_leaves

    let_go_of_uploads()
    configure_page()
    choose_language()
    take_up_jobs()
    take_up_images()
    readable_text()
    page = route()
    open_page_asked_for(page)
    strip = strip_place()
    with errors_in_words():
        page.run()
    lesson_strip(strip, name_of(page))  # drawn after the page: what has happened on it is ticked
    next_link(page)
    with st.sidebar:  # after the page, whose heading would wait while Streamlit prepares its first switch
        language_switch()
        st.caption(_("Light or dark theme: menu ⋮ at the top right."))
        built_in_words()
    declare_language()
    remember_owner()
    note_presence()
    note_use()
    ask_who_leaves()
    set_imports_aside(page.url_path)
else:
    from streamlit.starlette import App

    from pages.ui.common.web_server import MIDDLEWARE, say_what_failed, serving

    app = App(__file__, lifespan=serving, middleware=MIDDLEWARE, on_script_error=say_what_failed)
