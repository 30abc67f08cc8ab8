"""The indicator library, the strategies that ask for it, scales, and audit templates in versions.

All are data files in `audit_templates/`, read by `rules.read_catalogue` and loaded by `services.load_catalogue`. They
belong to no partnership. A published version of a template never changes; a round copies it when it opens.
"""
