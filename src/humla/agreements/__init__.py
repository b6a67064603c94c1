"""The local agreement (lokal överenskommelse) as data: who must come, who may start, and by when.

The law binds only kommun and region; it is the agreement that gives Arbetsförmedlingen and
Försäkringskassan the same duties. So nothing of it is a constant in the code.
"""
