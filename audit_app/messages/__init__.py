"""Mail that leaves: an outbox of one row a mail, unique by recipient and occasion, claimed before sending.

With no mail server set, mails are *kept* in the outbox, where the administrator can read them.
"""
