"""Names and sentences of the fictitious year. Nobody here exists, and no sentence is anybody's.

Here: the words. Not here: who gets which (`course.py`).
"""

WOMEN = (
    "Aina",
    "Bodil",
    "Cajsa",
    "Dagny",
    "Elif",
    "Freja",
    "Gunvor",
    "Hawa",
    "Ingegerd",
    "Jamila",
    "Kerstin",
    "Leyla",
    "Maj-Britt",
    "Nasrin",
    "Olena",
    "Pernilla",
    "Rahel",
    "Selam",
    "Tuula",
    "Ulrika",
    "Vendela",
    "Wafa",
    "Ylva",
    "Zeinab",
    "Åsa",
    "فاطمة الزهراء",
)
MEN = (
    "Abdirahman",
    "Bengt",
    "Cristian",
    "Daniel",
    "Eero",
    "Fredrik",
    "Göran",
    "Habtom",
    "Isak",
    "Jörgen",
    "Kidane",
    "Lars-Erik",
    "Mahmoud",
    "Nebojsa",
    "Oleksandr",
    "Pontus",
    "Rolf",
    "Samir",
    "Tesfaye",
    "Urban",
    "Viljo",
    "Yusuf",
    "Zoran",
    "Örjan",
    "عبد الرحمن",
)
FAMILIES = (
    "Alm",
    "Bergfors",
    "Dahlgrund",
    "Engsäter",
    "Fjällner",
    "Gårdebro",
    "Hassanzadeh",
    "Idoffsson",
    "Järvisalo",
    "Kovalenkova",
    "Lövhamn",
    "Månsdal",
    "Norrbyskog",
    "Osmanovicsson",
    "Pålsboda",
    "Rydholt",
    "Stensgård",
    "Tesfagabr",
    "Uppvall",
    "Västhaga",
    "Wiberdal",
    "Yohannesdotter",
    "Zakarian",
    "Ångberg",
    "Ödlund",
    "الخطيب",
)
STAFF_FIRST = (
    "Agneta",
    "Bosse",
    "Carina",
    "Dennis",
    "Ebba",
    "Filip",
    "Gittan",
    "Håkan",
    "Irina",
    "Jonas",
    "Klara",
    "Linus",
    "Mona",
    "Nadja",
    "Oskar",
    "Pia",
    "Robin",
    "Sanna",
    "Tove",
    "Ulf",
    "Viktor",
    "Wilma",
    "Yngve",
    "Zara",
    "Åke",
    "Östen",
)
STAFF_LAST = (
    "Abrahamsdal",
    "Björkmo",
    "Carlhäll",
    "Drakenstierna",
    "Ekhult",
    "Fagerdal",
    "Granlid",
    "Holmdahl",
    "Ivarsbo",
    "Jungfors",
    "Kvarnlund",
    "Lindhaga",
    "Mossberg-Sjö",
    "Nyhamre",
    "Ollasjö",
    "Parkhagen",
    "Rosenfors",
    "Sjölid",
    "Tallheden",
    "Uvelund",
)

REASONS = (
    "Sjukskriven sedan två år, väntar på utredning och har tre handläggare som inte har träffats.",
    "Har arbetstränat länge utan att kunna öka tiden. Behöver veta om allt är prövat.",
    "Flera kontakter drar åt olika håll. Personen orkar inte vara den som berättar för alla.",
    "Står utan sjukpenning men kan inte arbeta heltid. Vården och arbetet behöver en gemensam plan.",
    "Ung, hemma sedan gymnasiet, har kontakt med både vården och arbetsmarknadsenheten.",
)
OWN_GOALS = (
    "Jag vill ha en vardag där jag vet vad som händer på tisdag.",
    "Jag vill kunna jobba några timmar utan att vara slut i en vecka.",
    "Jag vill bli frisk nog att hämta mina barn på förskolan.",
    "Jag vill slippa förklara mig om och om igen.",
    "Jag vill ha ett eget kök och en anledning att gå upp.",
    "أريد أن أعمل وأن أعتني بعائلتي.",
)
SITUATIONS = (
    "Har prövat två gånger utan att det höll. Blir trött efter en förmiddag.",
    "Bor i andra hand till våren och vet inte vad som händer sedan.",
    "Har en god kontakt med sin arbetskonsulent, ingen med vården.",
    "Sover dåligt, dagarna flyter ihop.",
    "Läser svenska två kvällar i veckan och tycker om det.",
)
GOALS = (
    "Arbetsträna två förmiddagar i veckan på en plats som känns rimlig.",
    "En dag som börjar och slutar ungefär samma tid.",
    "Veta vilken ersättning som gäller efter nyår.",
    "En egen bostad med kontrakt.",
    "Träffa andra minst en gång i veckan.",
)
HEALTH_GOALS = ("Få svar på utredningen och veta vilket stöd som finns.", "Sova bättre och orka förmiddagen.")
STEPS = ("Besöka två platser och välja en.", "Gå upp klockan åtta fyra dagar i veckan.", "Lämna in ansökan.")
DEEDS = (
    "Boka ett första besök och följa med dit.",
    "Skicka underlaget om arbetsträningen till läkaren.",
    "Ringa varje måndag klockan nio.",
    "Ta fram två platser att välja mellan.",
    "Räkna på vad som händer med ersättningen.",
    "Skriva en kort veckoplan tillsammans.",
)
HEALTH_DEEDS = ("Skriva läkarutlåtande.", "Göra klart utredningen.", "Ge tid hos arbetsterapeut.")
OWN_DEEDS = (
    "Säga till i tid när det inte går.",
    "Prova platsen i två veckor.",
    "Skriva upp hur nätterna blir.",
)
KNOWN_BY = ("Besöket är gjort.", "Underlaget har kommit fram.", "Vi har pratat varje måndag i en månad.")
PURPOSES = (
    "Komma överens om vem som gör vad för att det ska gå att börja arbetsträna.",
    "Få en gemensam bild av vad som är prövat och vad som är kvar.",
    "Planera hösten så att vård och arbete inte krockar.",
)
QUESTIONS = (
    "Vad behöver vara på plats innan det går att börja?\nVem håller ihop planen efter mötet?",
    "Vad är utrett och vad väntar vi på?\nVilken ersättning gäller under tiden?",
)
BRING = (
    "Ta med vad ni kan erbjuda under våren och mandat att lova det.",
    "Ta med läget i utredningen, så långt personen har sagt ja till.",
    "Ta med vad ni vet om ersättningen och vad som behövs för ett beslut.",
)
IMPORTANT = (
    "Att någon lyssnar klart. Att vi pratar om jobb, inte bara om vad jag inte kan.",
    "Att det blir en sak i taget.",
)
WORRIES = ("Att det blir för många som pratar samtidigt.", "Att jag förlorar ersättningen om jag provar.")
NOT_UNDERTAKEN = ("Följa med på besök utanför kontorstid.", "Ge tid före årsskiftet.")
NOT_BECAUSE = ("vi har inte resurser för det", "uppdraget hör till en annan enhet")
NEEDS_LEFT = (
    "Stöd i hemmet på kvällar.",
    "Utbildning på lätt svenska på deltid.",
    "Sysselsättning nära hemmet.",
)
ADVICE = (
    "Börja med att fråga vad personen själv vill. Ta förmöte innan någon kallas.",
    "Hämta in underlag från vården först. Återkom när det har kommit.",
    "Ring rehabkoordinatorn, hon är vägen in.",
    "SIP är inte rätt nu. Ta upp frågan på ett vanligt avstämningssamtal i den egna gruppen.",
)
WORDS_AFTER = (
    "Nu vet jag vem jag ska ringa.",
    "Det tog tid men det blev bra.",
    "Jag hade velat ha mötet tidigare.",
)

LONG = " ".join(
    f"{number}. Det här är en lång anteckning om dagarna, för att se att en lång text får plats."
    for number in range(1, 200)
)[:10_000].ljust(10_000, ".")
"""Ten thousand signs: the longest text that a field takes."""

WISHES = (
    "",
    "Jag vill helst ses på förmiddagen. På eftermiddagen orkar jag inte.",
    "",
    "Min syster ska få sitta med.",
    "",
    "Kan vi vara i ett rum med fönster, och ta en paus?",
)
"""What some want to be otherwise when they answer their own summons."""

STREETS = ("Storgatan 12", "Kvarnvägen 3 B", "Bryggargränd 7", "Humlevägen 41", "Box 118", "Stationsgatan 5")
"""Where letters go: streets that every town has."""
