"""The door: how an agent is made; what it then does stands in `agent_runs`.

Agent(corpus="docs/").run("...")
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..costs.budget import Budget
from ..costs.day_ledger import DayLedger, limit_of
from ..costs.pricing import PriceBook
from ..costs.purse import Purse
from ..memory.home import Home
from ..memory.policy import MemoryPolicy
from ..models.chat.prompts import Prompts
from ..models.chat.rendering import ToolProtocol
from ..models.chat_model import ChatModel
from ..models.reasoner import Reasoner
from ..records.belief import BeliefName
from ..records.json_types import JsonObject, JsonValue
from ..tools.corpus.corpus import Corpus
from .agent_runs import AgentRuns
from .believing import STATED, checked_belief
from .brain import Writing
from .brain_making import make_brain
from .builtin_tools import AskUser
from .chooser import MODEL, check_policy, checked_clarify, given_calibration, named_policy
from .given import AGENT_KINDS, check_kinds
from .inputs import (
    CorpusPaths,
    Given,
    as_tools,
    checked_alpha,
    checked_price,
    checked_protocol,
    checked_timeout,
    corpus_paths,
    image_paths,
    memory_policy,
    names_of,
    output_adapter,
)
from .opening import RunOpener
from .pictures import read_pictures
from .recording import recording_of
from .settings import RunSettings

if TYPE_CHECKING:
    from ..policies.calibration import Calibration
    from ..policies.query_policy import QueryPolicy


class Agent(AgentRuns):
    """Answers questions from evidence, within a budget, and says what it rests on.

    With a corpus alone it works offline: the extractive reasoner searches, reads and quotes, and
    needs no key and no network.
    """

    def __init__(
        self,
        model: str | ChatModel | Reasoner | None = None,
        *,
        corpus: CorpusPaths | Corpus | None = None,
        tools: Sequence[Given] = (),
        images: Sequence[str | Path] = (),
        belief: BeliefName = STATED,
        policy: "str | QueryPolicy | None" = None,
        ask_price: float = 3.0,
        clarify: str = "never",
        calibration: "str | Path | Calibration | None" = None,
        memory: MemoryPolicy | str = MemoryPolicy.WORKSPACE,
        budget: Budget | None = None,
        alpha: float | None = None,
        output_type: type | None = None,
        tool_protocol: ToolProtocol = "text",
        prompts: str | Path | None = None,
        record: str | Path | None = None,
        replay: str | Path | None = None,
        ask_user: AskUser | None = None,
        base_url: str | None = None,
        call_timeout_s: float | None = None,
        workspace_tokens: int = 16_000,
        seed: int | None = None,
        prices: PriceBook | None = None,
        home: str | Path | None = None,
        environ: Mapping[str, str] | None = None,
        origin: Mapping[str, JsonValue] | None = None,
        purse: Purse | None = None,
        spending: DayLedger | None = None,
    ) -> None:
        """Put an agent together; nothing is read or asked yet.

        Args:
            model: None for the extractive reasoner; a model's name (`gpt-5-mini`,
                `openai:NAME`); a chat model; or a reasoner.
            corpus: Folders or files to search, or an open corpus.
            tools: Functions under `@tool`, plain functions, LangChain tools, or anything with
                `spec` and `call`.
            images: Pictures that a model that sees is shown in every round: at most 8 files of PNG,
                JPEG, GIF or WebP, each of 5 MiB at most.
            belief: Where the probabilities of candidate answers come from: `stated` (the default)
                takes those of the reply itself and costs no call; `logprobs` and `verbalized` ask
                the model once more for each decision that names a candidate, `samples` 8 times.
            policy: How the next action is chosen: `model` (the default) trusts the reasoner, `gain`
                takes what is expected to remove most uncertainty per price, `cip` what is expected
                to leave the smallest conformal set, `random` any; or a query policy of your own.
            ask_price: What a question to the person costs, in searches.
            clarify: Whether to ask the person what the question leaves open: `never`; `auto`, where
                the answer is worth its price; `always`, at least once.
            calibration: What `sonde calibrate` wrote, for a certified stop and a certified set.
            memory: What is kept of the past: `workspace`, `append` (also called `react`),
                `summarize` or `auto`.
            budget: Limits of each run. A stored run that is resumed gets those that are wider than
                its own.
            alpha: The confidence set holds 1 - alpha of the belief; 0.1 by default.
            output_type: A pydantic model, or another type whose JSON is an object (a dataclass, a
                TypedDict), that the answer is to be given as.
            tool_protocol: `text` calls tools by tags in the reply, which any model can write;
                `native` by the provider's own means.
            prompts: Folder of prompts of your own; each file replaces the one of its name.
            record: Folder in which the model's calls are kept; what it holds is not asked again.
            replay: Folder of recorded calls that stand in for the model: no key, no network.
            ask_user: Puts a question to the person; None offers no such action.
            base_url: Endpoint of a named model.
            call_timeout_s: The longest that one call of the model may take, its retries included
                and the wait for a free slot not; 15 minutes by default.
            workspace_tokens: Cap of the whole prompt of a round.
            seed: Sampling seed that is sent to a model; None sends none.
            prices: What tokens cost; the list prices of the day for a named model by default.
            home: Where runs and indexes stand; default SONDE_HOME or the platform's folder.
            environ: Environment; the process's own by default.
            origin: Kept in the journal for whoever builds the agent again.
            purse: A limit that its runs share with those of other agents; hand each run the
                purse's `account()` as a listener.
            spending: What the day has cost over all processes, with its limit; by default the
                home's own, limited by SONDE_MAX_USD_PER_DAY.

        Raises:
            SetupError: Something given cannot be used; the message says what to do.
        """
        check_kinds(
            "Agent",
            AGENT_KINDS,
            {
                "ask_price": ask_price,
                "clarify": clarify,
                "memory": memory,
                "budget": budget,
                "alpha": alpha,
                "tool_protocol": tool_protocol,
                "prompts": prompts,
                "record": record,
                "replay": replay,
                "ask_user": ask_user,
                "base_url": base_url,
                "call_timeout_s": call_timeout_s,
                "workspace_tokens": workspace_tokens,
                "seed": seed,
                "prices": prices,
                "home": home,
                "environ": environ,
                "origin": origin,
            },
        )
        environ = os.environ if environ is None else environ
        place = Home(Path(home)) if home is not None else Home.of(environ)
        output = None if output_type is None else output_adapter(output_type)
        schema = None if output is None else cast(JsonObject, output.json_schema())
        brain = make_brain(
            model,
            base_url=base_url,
            environ=environ,
            prices=prices,
            overrides=place.prices,
            writing=Writing(
                output_schema=schema,
                tool_protocol=checked_protocol(tool_protocol),
                images=read_pictures(image_paths(images)),
                call_timeout_s=checked_timeout(call_timeout_s),
                prompts=None if prompts is None else Prompts.load(Path(prompts).expanduser()),
            ),
            recording=recording_of(record, replay),
            has_policy=policy not in (None, MODEL),
        )
        query_policy, policy_name = named_policy(policy)
        calibrated = given_calibration(calibration)
        check_policy(
            policy_name,
            brain.capabilities,
            has_thresholds=bool(calibrated and calibrated.set_thresholds),
        )
        paths = () if isinstance(corpus, Corpus) else corpus_paths(corpus)
        settings = RunSettings(
            memory=memory_policy(memory),
            workspace_tokens=workspace_tokens,
            budget=budget or Budget(),
            alpha=checked_alpha(alpha),
            belief=checked_belief(belief, brain.capabilities),
            policy=policy_name,
            ask_price=checked_price(ask_price),
            clarify=checked_clarify(clarify, brain.capabilities, has_person=ask_user is not None),
            calibration=str(calibration) if isinstance(calibration, str | Path) else None,
            seed=seed,
            model=brain.name,
            corpus=corpus.names if isinstance(corpus, Corpus) else names_of(paths),
            origin=dict(origin or {}),
        )
        opener = RunOpener(
            brain=brain,
            home=place,
            settings=settings,
            tools=as_tools(tools),
            ask_user=ask_user,
            corpus_paths=paths,
            opened_corpus=corpus if isinstance(corpus, Corpus) else None,
            purse=purse,
            query_policy=query_policy,
            calibration=calibrated,
            spending=spending or DayLedger(place.spending, limit_usd=limit_of(environ)),
        )
        super().__init__(opener, output)
