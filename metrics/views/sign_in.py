"""Sign-in by OpenID Connect, off unless the settings name a provider."""

from __future__ import annotations

import streamlit as st


def sign_in_configured() -> bool:
    """Whether `.streamlit/secrets.toml` has an `[auth]` section."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def require_sign_in() -> None:
    """Let nobody past who has not signed in, where sign-in is configured."""
    if not sign_in_configured():
        return
    if not st.user.is_logged_in:
        st.title("Border-security metrics")
        st.button("Sign in", on_click=st.login, type="primary")
        st.stop()
    with st.sidebar:
        st.caption(f"Signed in as {reviewer_name()}".replace("[", r"\["))
        st.button("Sign out", on_click=st.logout)


def reviewer_name() -> str:
    """Name of who has signed in, "" without sign-in."""
    if not sign_in_configured() or not st.user.is_logged_in:
        return ""
    return str(st.user.get("email") or st.user.get("name") or st.user.get("sub") or "")
