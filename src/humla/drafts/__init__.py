"""What a user is sending: text not yet sent (drafts), and what was sent with which key (submissions).

Knows no domain text: a draft is sealed bytes that belong to one user and one form.
"""
