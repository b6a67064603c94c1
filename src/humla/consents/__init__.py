"""What the person has said yes and no to: the plan being made, and each receiver by itself.

A consent breaks secrecy for a named receiver, named kinds of information and a named time
(10 kap. 1 § and 12 kap. 2 § offentlighets- och sekretesslagen).
"""
