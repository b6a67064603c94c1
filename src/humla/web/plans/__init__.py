"""The pages where a plan is written: the plan on one screen, its forms, and the page where it is adopted.

`screen` is the one screen, `goals`, `commitments` and `settling` are its forms with their views, `adoption`
is reading it through. What they share: `opening` (the plan or nowhere, the look on the trail), `editing`
(every edit page: draft, version, two texts) and `missing` (what the law asks for and where to write it).
Not here: what a plan must hold (`humla.plans.rules`), how it reads (`humla.plans.document`), nor handing
over an adopted version (`humla.web.handover`).
"""
