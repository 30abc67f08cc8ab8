"""Building the demonstration out of its material: every row by the deed that a person would have done."""

from audit_app.demo.services.building import SignIn, build_demonstration, sign_ins_there

__all__ = ["SignIn", "build_demonstration", "sign_ins_there"]
