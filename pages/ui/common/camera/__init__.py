"""The camera in the page: a stream that several components can use, and the recorder of images class by class.

A component's script is one text for Streamlit, so `stream.js` (the camera itself: opening, switching, what can go
wrong, a frame cropped and scaled) is put in front of what a component does with its frames. No build step.
"""
