"""Who asks to come in, who opened in an emergency, who looked, and who reviews that they had a reason.

There is no emergency opening across authorities. Somebody elsewhere asks, and the person or the responsible
decides; within an authority the unit's manager opens for four hours, in the open. What was looked at is
reviewed by a sample that anybody can draw again, and the person asks about any look she does not understand.
"""
