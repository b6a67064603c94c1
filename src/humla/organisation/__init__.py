"""Who exists: the samordningsförbund, its parties, their authorities and units, and who works where.

The authority (a nämnd, the region, Försäkringskassan, Arbetsförmedlingen) is what secrecy is about; a
unit is where people work. A professional acts for exactly one unit at a time, in one role.
"""
