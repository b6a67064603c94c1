"""Protected identity: who is marked, who is cleared for her case, and the contact details nobody else reads.

A person whom somebody looks for must not be found through us. So a marking closes her cases at once to all
but those who are cleared, one case and one professional at a time, for a time; her name, number and places
leave every list, search, letter and file; and what tells where she is lies sealed with a key of its own. One
colleague sets the marking. Two take it away (21 kap. 3 och 3 a §§ offentlighets- och sekretesslagen).
"""
