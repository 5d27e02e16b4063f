"""In which words the invented tables are told and asked."""

from .table import Column, Table

TOWN = Table(
    noun="town",
    plural="towns",
    columns=(
        Column(
            name="region",
            says=(
                "{x} is a town in the region of {v}.",
                "{x} lies in {v}.",
                "The town belongs to the region of {v}.",
            ),
            asks=("In which region does {x} lie?", "To which region does {x} belong?"),
            phrase="the region to which {x} belongs",
            where="lie in the region of {v}",
        ),
        Column(
            name="river",
            says=("The river {v} flows through the town.", "{x} stands on the river {v}."),
            asks=("On which river does {x} stand?", "Which river flows through {x}?"),
            phrase="the river that flows through {x}",
            where="stand on the river {v}",
        ),
        Column(
            name="population",
            kind="number",
            says=(
                "{x} has {v} inhabitants.",
                "Its population is {v}.",
                "The last census counted {v} inhabitants.",
            ),
            asks=("How many people live in {x}?", "What is the population of {x}?"),
            phrase="the population of {x}",
            most=("has the most inhabitants", "has the fewest inhabitants"),
            where="have more than {v} inhabitants",
        ),
        Column(
            name="founded",
            kind="year",
            says=("{x} was founded in {v}.", "Settlers founded the town in {v}."),
            asks=("In which year was {x} founded?", "When was {x} founded?"),
            phrase="the year in which {x} was founded",
            most=("was founded last", "was founded first"),
            where="were founded after {v}",
        ),
        Column(
            name="elevation",
            kind="number",
            says=(
                "It lies {v} metres above the sea.",
                "The market square is {v} metres above the sea.",
            ),
            asks=(
                "How many metres above the sea does {x} lie?",
                "At how many metres above the sea is {x}?",
            ),
            phrase="the elevation of {x} in metres",
            most=("lies highest above the sea", "lies lowest above the sea"),
            where="lie more than {v} metres above the sea",
        ),
    ),
)

PERSON = Table(
    noun="person",
    plural="people",
    columns=(
        Column(
            name="born",
            kind="day",
            says=("{x} was born on {v}.", "The date of birth in the register is {v}."),
            asks=("On which date was {x} born?", "What is the date of birth of {x}?"),
            phrase="the date of birth of {x}",
            most=("was born last", "was born first"),
        ),
        Column(
            name="birthplace",
            refers="town",
            says=("{x} was born in {v}.", "The family lived in {v}, where {x} was born."),
            asks=("In which town was {x} born?", "Where was {x} born?"),
            phrase="the town where {x} was born",
            where="were born in {v}",
        ),
        Column(
            name="profession",
            says=("{x} worked as {a} {v} for many years.", "By profession {x} was {a} {v}."),
            asks=("What was the profession of {x}?", "What was {x} by profession, in one word?"),
            phrase="the profession of {x}",
        ),
    ),
)

COMPANY = Table(
    noun="company",
    plural="companies",
    columns=(
        Column(
            name="seat",
            refers="town",
            says=("{x} has its seat in {v}.", "The company is based in {v}."),
            asks=("In which town does {x} have its seat?", "Where is {x} based?"),
            phrase="the town where {x} is based",
            where="are based in {v}",
        ),
        Column(
            name="founder",
            refers="person",
            says=("{v} founded {x}.", "The company was founded by {v}."),
            asks=("Who founded {x}?", "Who was the founder of {x}?"),
            phrase="the founder of {x}",
        ),
        Column(
            name="since",
            kind="year",
            says=("{x} goes back to {v}.", "It was founded in {v}."),
            asks=("In which year was {x} founded?", "When was {x} founded?"),
            phrase="the year in which {x} was founded",
            most=("was founded last", "was founded first"),
            where="were founded after {v}",
        ),
        Column(
            name="employees",
            kind="number",
            says=("{x} employs {v} people.", "It has {v} employees."),
            asks=("How many people does {x} employ?", "How many employees does {x} have?"),
            phrase="the number of employees of {x}",
            most=("employs the most people", "employs the fewest people"),
            where="employ more than {v} people",
        ),
    ),
)

BOOK = Table(
    noun="novel",
    plural="novels",
    columns=(
        Column(
            name="author",
            refers="person",
            says=("{x} is a novel by {v}.", "{v} wrote the novel {x}."),
            asks=("Who wrote the novel {x}?", "Who is the author of {x}?"),
            phrase="the author of {x}",
        ),
        Column(
            name="year",
            kind="year",
            says=("It was published in {v}.", "The novel first appeared in {v}."),
            asks=("In which year was {x} published?", "When did {x} first appear?"),
            phrase="the year in which {x} was published",
        ),
        Column(
            name="pages",
            kind="number",
            says=("It has {v} pages.", "The first edition runs to {v} pages."),
            asks=("How many pages does {x} have?", "How many pages long is {x}?"),
            phrase="the number of pages of {x}",
            most=("has the most pages", "has the fewest pages"),
            where="have more than {v} pages",
        ),
        Column(
            name="publisher",
            refers="company",
            says=("{v} published {x}.", "The publisher was {v}."),
            asks=("Which company published {x}?", "Who was the publisher of {x}?"),
            phrase="the publisher of {x}",
            where="were published by {v}",
        ),
    ),
)

BRIDGE = Table(
    noun="bridge",
    plural="bridges",
    has_article=True,
    columns=(
        Column(
            name="town",
            refers="town",
            says=("{x} stands in {v}.", "The people of {v} built the bridge in their town."),
            asks=("In which town does {x} stand?", "In which town is {x}?"),
            phrase="the town in which {x} stands",
            where="stand in {v}",
        ),
        Column(
            name="opened",
            kind="day",
            says=("It was opened to traffic on {v}.", "{x} was opened on {v}."),
            asks=("On which date was {x} opened?", "What is the date on which {x} was opened?"),
            phrase="the date on which {x} was opened",
            most=("was opened last", "was opened first"),
        ),
        Column(
            name="length",
            kind="number",
            says=("It is {v} metres long.", "Its length is {v} metres."),
            asks=("How many metres long is {x}?", "What is the length of {x} in metres?"),
            phrase="the length of {x} in metres",
            most=("is the longest", "is the shortest"),
            where="are longer than {v} metres",
        ),
        Column(
            name="designer",
            refers="person",
            says=("{v} designed {x}.", "The plans were drawn by {v}."),
            asks=("Who designed {x}?", "Who was the designer of {x}?"),
            phrase="the designer of {x}",
            where="were designed by {v}",
        ),
    ),
)

MUSEUM = Table(
    noun="museum",
    plural="museums",
    has_article=True,
    columns=(
        Column(
            name="town",
            refers="town",
            says=("{x} is in {v}.", "The collection is shown in {v}."),
            asks=("In which town is {x}?", "Which town is home to {x}?"),
            phrase="the town that is home to {x}",
            where="are in {v}",
        ),
        Column(
            name="opening",
            kind="year",
            says=("{x} opened its doors in {v}.", "The museum has been open since {v}."),
            asks=("In which year did {x} open?", "Since which year has {x} been open?"),
            phrase="the year in which {x} opened",
            most=("opened last", "opened first"),
            where="opened after {v}",
        ),
        Column(
            name="visitors",
            kind="number",
            says=("{v} people visited it last year.", "Last year {x} had {v} visitors."),
            asks=("How many visitors did {x} have last year?",),
            phrase="the number of visitors of {x} last year",
            most=("had the most visitors last year", "had the fewest visitors last year"),
            where="had more than {v} visitors last year",
        ),
    ),
)
