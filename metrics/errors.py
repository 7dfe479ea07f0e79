"""The base of all errors that a user can mend."""


class UserError(Exception):
    """Something the user can mend; the message names what, where and the way out, in one line."""
