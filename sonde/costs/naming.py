"""Which listed model a name means: providers, their addresses, and the rules for their names."""

import re
from dataclasses import dataclass
from enum import StrEnum

_COMPACT_DATE = re.compile(r"-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[-:]|$)")


class RuleKind(StrEnum):
    """How a rule looks at a name."""

    EQUALS = "equals"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    CONTAINS = "contains"
    REGEX = "regex"
    ANY_OF = "any_of"
    ALL_OF = "all_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRule:
    """A test of a model's name, which is given in lower case."""

    kind: RuleKind
    """How it looks at the name."""
    text: str = ""
    """What it looks for; a pattern where the kind is `regex`."""
    parts: tuple["NameRule", ...] = ()
    """Rules that it joins, where the kind is `any_of` or `all_of`."""

    def is_match(self, name: str) -> bool:
        """Return whether a name, in lower case, passes."""
        match self.kind:
            case RuleKind.EQUALS:
                return name == self.text
            case RuleKind.STARTS_WITH:
                return name.startswith(self.text)
            case RuleKind.ENDS_WITH:
                return name.endswith(self.text)
            case RuleKind.CONTAINS:
                return self.text in name
            case RuleKind.REGEX:
                return re.search(self.text, name) is not None
            case RuleKind.ANY_OF:
                return any(part.is_match(name) for part in self.parts)
            case RuleKind.ALL_OF:
                return all(part.is_match(name) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One model of a provider."""

    key: str
    """`provider/model`: names the model in a price book."""
    rule: NameRule
    """The names that mean it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who sells models, at which addresses."""

    provider_id: str
    """Its short name: `openai`."""
    url_pattern: str
    """What the addresses of its endpoints begin with, as a regular expression."""
    rule: NameRule | None = None
    """Names that mean a model of its own where no provider is told; None: no name does."""
    fallbacks: tuple[str, ...] = ()
    """Providers whose prices it takes for models that it does not list."""
    listings: tuple[Listing, ...] = ()
    """Its models; the first that matches is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """Finds the listed model that a name means."""

    providers: tuple[Provider, ...] = ()
    """All providers; the first that matches is meant."""

    def find(self, model: str, *, base_url: str | None = None) -> str | None:
        """Return the key of the listing that a name means, or None where none is known.

        A name without an endpoint can tell the provider itself (`openai:NAME`, `openai/NAME`);
        else the provider is the one whose own models are named so. Where the endpoint is known it
        decides: a server that is no listed provider's has no listed model, whatever the name.

        Args:
            model: The name as a person writes it; dates may stand as `-2025-08-07` or `-20250807`.
            base_url: Address of the endpoint, where that is known.
        """
        name = model.strip().lower()
        if base_url is None:
            return self._find_by_name(name)
        address = base_url.strip().lower()
        found = (p for p in self.providers if re.match(p.url_pattern, address))
        seller = next(found, None)
        plain = name.removeprefix("openai:")  # the protocol, not the seller
        return None if seller is None else self._find_at(seller, plain, _bare(seller, plain))

    def _find_by_name(self, name: str) -> str | None:
        named = self._by_id(re.split("[:/]", name, maxsplit=1)[0])
        if named is not None:
            return self._find_at(named, _bare(named, name), name)
        found = (p for p in self.providers if p.rule is not None and p.rule.is_match(name))
        seller = next(found, None)
        return None if seller is None else self._find_at(seller, name)

    def _find_at(self, seller: Provider, *names: str) -> str | None:
        """Return the key of a seller's first listing that fits one of the names, best first."""
        lenders = (self._by_id(each) for each in seller.fallbacks)
        stock = [each for p in (seller, *lenders) if p is not None for each in p.listings]
        dashed = tuple(_COMPACT_DATE.sub(r"-\1-\2-\3", name) for name in names)
        for name in dict.fromkeys((*names, *dashed)):
            for listing in stock:
                if listing.rule.is_match(name):
                    return listing.key
        return None

    def _by_id(self, provider_id: str) -> Provider | None:
        return next((p for p in self.providers if p.provider_id == provider_id), None)


def _bare(seller: Provider, name: str) -> str:
    """Return a name without the seller's own in front."""
    return re.sub(f"^{re.escape(seller.provider_id)}[:/]", "", name)
