"""The app in a browser: one server on this machine, one process of the app a tab.

Knows no screen: it starts `tutor`, and carries keys in and pictures out.
"""
