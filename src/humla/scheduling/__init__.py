"""Finding a time: some times are offered, the person says which she can, then everybody asked, then one is
set.

Held by the authority that leads the case. Whoever is asked sees the times and nothing of whom they are about:
it answers by a neutral link, or signed in, and no row here opens for another authority.
"""
