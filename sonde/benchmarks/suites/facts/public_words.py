"""In which words the public tables are told and asked."""

from .table import Column, Table

ELEMENT = Table(
    noun="element",
    plural="chemical elements",
    columns=(
        Column(
            name="symbol",
            says=("The chemical symbol of {x} is {v}.", "Chemists write {v} for {x}."),
            asks=("What is the chemical symbol of {x}?", "Which symbol do chemists write for {x}?"),
            phrase="the chemical symbol of {x}",
        ),
        Column(
            name="number",
            kind="number",
            says=("The atomic number of {x} is {v}.", "An atom of {x} has {v} protons."),
            asks=("What is the atomic number of {x}?", "How many protons has an atom of {x}?"),
            phrase="the atomic number of {x}",
            most=("has the highest atomic number", "has the lowest atomic number"),
        ),
        Column(
            name="family",
            says=("It is one of the {v}.", "{x} belongs to the {v}."),
            asks=("To which family of elements does {x} belong?",),
            phrase="the family of elements to which {x} belongs",
            where="belong to the {v}",
        ),
    ),
)

COUNTRY = Table(
    noun="country",
    plural="countries",
    columns=(
        Column(
            name="continent",
            says=("{x} is a country in {v}.", "The country is part of {v}."),
            asks=("On which continent does {x} lie?", "To which continent does {x} belong?"),
            phrase="the continent to which {x} belongs",
        ),
        Column(
            name="capital",
            refers="capital",
            says=("The capital of {x} is {v}.", "{v} is the capital."),
            asks=("What is the capital of {x}?", "Which city is the capital of {x}?"),
            phrase="the capital of {x}",
        ),
        Column(
            name="currency",
            says=("People pay with the {v}.", "The currency of {x} is the {v}."),
            asks=("What is the currency of {x}?", "With which currency do people in {x} pay?"),
            phrase="the currency of {x}",
        ),
    ),
)

CAPITAL = Table(
    noun="capital",
    plural="capitals",
    columns=(
        Column(
            name="river",
            refers="river",
            says=("{x} stands on the river {v}.", "The river {v} flows through the city."),
            asks=("On which river does {x} stand?", "Which river flows through {x}?"),
            phrase="the river that flows through {x}",
            where="stand on the river {v}",
        ),
    ),
)

RIVER = Table(
    noun="river",
    plural="rivers",
    has_article=True,
    columns=(
        Column(
            name="mouth",
            refers="river",
            says=("{x} is a river that flows into the {v}.", "{x} ends in the {v}."),
            asks=("Into which water does {x} flow?", "In which water does {x} end?"),
            phrase="the water into which {x} flows",
            where="flow into the {v}",
        ),
    ),
)

COMPOSER = Table(
    noun="composer",
    plural="composers",
    columns=(
        Column(
            name="born",
            kind="year",
            says=("{x} was born in the year {v}.", "The composer was born in the year {v}."),
            asks=("In which year was {x} born?",),
            phrase="the year in which {x} was born",
            most=("was born last", "was born first"),
        ),
        Column(
            name="died",
            kind="year",
            says=("{x} died in {v}.", "The composer died in {v}."),
            asks=("In which year did {x} die?",),
            phrase="the year in which {x} died",
            most=("died last", "died first"),
        ),
        Column(
            name="birthplace",
            says=("The place of birth is {v}.", "{x} was a native of {v}."),
            asks=("In which place was {x} born?", "Of which place was {x} a native?"),
            phrase="the place where {x} was born",
            where="were born in {v}",
        ),
    ),
)

OPERA = Table(
    noun="opera",
    plural="operas",
    columns=(
        Column(
            name="composer",
            refers="composer",
            says=("{x} is an opera by {v}.", "{v} composed the opera {x}."),
            asks=("Who composed {x}?", "Who is the composer of {x}?"),
            phrase="the composer of {x}",
            where="were composed by {v}",
        ),
        Column(
            name="year",
            kind="year",
            says=("It was first performed in {v}.", "The first performance was in {v}."),
            asks=("In which year was {x} first performed?",),
            phrase="the year in which {x} was first performed",
            most=("was first performed last", "was first performed before all others"),
            where="were first performed after {v}",
        ),
    ),
)
