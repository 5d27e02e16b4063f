"""How many questions the offline reader answers over a site of 200 linked pages on this machine.

python scripts/web_research.py
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from sonde import Agent, web_tools
from tests.tools.lights import Light, serve_lights
from tests.tools.site import Site

EACH = 10


def main() -> None:
    """Ask ten questions of each kind, and print how many are answered rightly."""
    site = Site()
    lights = serve_lights(site)
    asked = lights[:50:5]

    def after(light: Light) -> Light:
        return lights[(lights.index(light) + 3) % len(lights)]

    kinds: dict[str, Callable[[Light], tuple[str, str]]] = {
        "one page": lambda x: (f"Who designed the {x.name} lighthouse?", x.engineer),
        "from a person to their work": lambda x: (
            f"When was the lighthouse first lit whose engineer was born in {x.town} in {x.born}?",
            str(x.year),
        ),
        "two pages compared": lambda x: (
            f"Who was born first, {x.engineer} or {after(x).engineer}?",
            min((x, after(x)), key=lambda each: each.born).engineer,
        ),
        "from a work to its maker": lambda x: (
            f"Where was the engineer of the {x.name} lighthouse born?",
            x.town,
        ),
    }
    with TemporaryDirectory() as home:
        tools = web_tools(
            "searxng",
            allow_hosts=[site.host],
            cache=Path(home) / "pages",
            environ={"SEARXNG_URL": site.url},
        )
        agent = Agent(tools=tools, home=home, environ={})
        for kind, make in kinds.items():
            right = sum(truth in (agent.run(q).answer or "") for q, truth in map(make, asked))
            print(f"{kind:<30} {right} of {EACH}")
    site.close()


if __name__ == "__main__":
    main()
