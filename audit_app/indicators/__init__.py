"""The indicator library, the strategies that ask for it, scales, and audit templates in versions.

What is delivered are data files in `audit_templates/`, read by `rules.read_catalogue` and loaded by
`services.load_catalogue`; it belongs to no partnership, and nobody changes it. A partnership's own templates begin as
copies. A version of them is a draft, seen by coordinators and scrutineers, until it is published. A published version
never changes; a round copies it when it opens.
"""
