"""The floor everything else stands on: rulings, dates, texts, form fields, identity numbers, sealed
texts and documents as PDF. It knows no concept of the domain and imports nothing of ours but itself."""
