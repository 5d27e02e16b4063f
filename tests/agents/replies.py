"""A question, and what a scripted model says to it: a search, then the answer."""

QUESTION = "Who designed the Trieste?"
SEARCH = (
    "<report>Nothing is known yet.</report>"
    '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste designer"]}}'
    "</tool_call>"
)
ANSWER = (
    "<report>Confirmed: Auguste Piccard designed it [e1].</report>"
    "<belief>Auguste Piccard: 90%\nDon Walsh: 5%</belief>"
    '<answer>Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
)
