"""A site of 200 linked pages about invented lighthouses, with a search over it."""

import json
import random
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .site import Answer, Asked, Site, page

_FIRST = "Alder Bracken Corran Dunmore Ember Farrow Gannet Harrow Inver Juniper".split()
_LAST = "cliff haven holm mere ness point rock skerry sound stack".split()
_GIVEN = "Ada Bertil Clara Dietmar Edda Franz Greta Henrik Ilse Jonas".split()
_FAMILY = "Aldous Brandvik Corvane Dahlgren Eskelin Farnsby Gretland Holtby Iversen Jarnvik".split()
_TOWNS = "Arbroath Bergen Calais Dundalk Emden Falmouth Galway Husum Ipswich Kalmar".split()


@dataclass(frozen=True, slots=True)
class Light:
    """A lighthouse, and who built it."""

    name: str
    engineer: str
    year: int
    height: int
    town: str
    born: int


def lights() -> list[Light]:
    """Return a hundred lighthouses, always the same ones."""
    rng = random.Random(7)
    names = [f"{first}{last}" for first in _FIRST for last in _LAST]
    people = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
    rng.shuffle(people)
    return [
        Light(
            name=name,
            engineer=person,
            year=1801 + rng.randrange(90),
            height=17 + rng.randrange(60),
            town=rng.choice(_TOWNS),
            born=1750 + rng.randrange(40),
        )
        for name, person in zip(names, people, strict=True)
    ]


def serve_lights(site: Site) -> list[Light]:
    """Put the pages on a site, with a SearXNG-shaped search at `/search`."""
    every = lights()
    texts: dict[str, tuple[str, str]] = {}
    for at, light in enumerate(every):
        other = every[(at + 1) % len(every)]
        path, person = f"/light/{light.name.lower()}", light.engineer
        maker = f"/engineer/{person.lower().replace(' ', '-')}"
        story = (
            f"The {light.name} lighthouse was designed by the engineer {person}. "
            f"It was first lit in {light.year} and stands {light.height} metres tall.",
            f"Ships that pass {light.name} see its lamp from afar. The keepers lived in a house "
            f"beside the tower, and the stores came by boat.",
        )
        life = (
            f"{person} was an engineer who was born in {light.town} in {light.born}. "
            f"The best known work of {person} is the {light.name} lighthouse.",
            "Letters of that time tell of long winters at the drawing board.",
        )
        site.routes[path] = page(
            f"{light.name} lighthouse",
            *story,
            links={maker: person, f"/light/{other.name.lower()}": other.name},
        )
        site.routes[maker] = page(person, *life, links={path: light.name})
        texts[path] = (f"{light.name} lighthouse", " ".join(story))
        texts[maker] = (person, " ".join(life))
    site.routes["/search"] = lambda asked: _searched(site, texts, asked)
    return every


def _searched(site: Site, texts: dict[str, tuple[str, str]], asked: Asked) -> Answer:
    """Rank pages by rare words in common with the query, as a search engine would."""
    query = parse_qs(urlsplit(asked.path).query)
    wanted = {word.strip("?.,'").lower() for word in query["q"][0].split()}
    held = {
        path: {word.strip(".,").lower() for word in f"{title} {text}".split()}
        for path, (title, text) in texts.items()
    }
    count = {word: sum(word in words for words in held.values()) for word in wanted}
    scores = {path: sum(1 / count[word] for word in wanted & words) for path, words in held.items()}
    best = sorted((path for path in scores if scores[path] > 0), key=lambda p: -scores[p])[:10]
    results = [
        {
            "url": f"{site.url}{path}",
            "title": texts[path][0],
            "content": texts[path][1][:60],
            "engine": "test",
            "score": scores[path],
        }
        for path in best
    ]
    body = {"query": query["q"][0], "results": results, "unresponsive_engines": []}
    return Answer(body=json.dumps(body).encode(), type="application/json")
