"""Write a llama model of half a megabyte whose weights are random: real protocol, nonsense text.

    python tiny_model.py FILE

Needs `gguf` and `numpy`, and so runs in the environment that `make test-wire` sets up.
"""

import sys
from importlib import import_module
from typing import Any

import numpy as np

_WIDTH, _HEADS, _LAYERS, _INNER = 64, 4, 2, 128
_CONTEXT = 2_048
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_WORDS = "the in er on an re at search answer".split()
_TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"


def _vocabulary() -> list[tuple[str, float, int]]:
    """Return tokens, scores and kinds; llama.cpp insists that no two tokens are the same."""
    special = [("<unk>", 0.0, _UNKNOWN), ("<s>", 0.0, _CONTROL), ("</s>", 0.0, _CONTROL)]
    raw = [(f"<0x{byte:02X}>", 0.0, _BYTE) for byte in range(256)]
    signs = [(chr(code), -2.0, _NORMAL) for code in range(33, 127)]
    words = [(word, -3.0, _NORMAL) for word in _WORDS]
    return [*special, *raw, ("▁", -1.0, _NORMAL), *signs, *words]


def _weights(size: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)

    def random(*shape: int, spread: float = 0.05) -> Any:
        return rng.normal(0, spread, shape).astype(np.float32)

    ones = np.ones(_WIDTH, np.float32)
    weights: dict[str, Any] = {
        "token_embd.weight": random(size, _WIDTH, spread=0.5),
        "output_norm.weight": ones,
        "output.weight": random(size, _WIDTH, spread=0.5),
    }
    for layer in range(_LAYERS):
        block = f"blk.{layer}"
        weights |= {f"{block}.attn_norm.weight": ones, f"{block}.ffn_norm.weight": ones}
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights[f"{block}.{part}.weight"] = random(_WIDTH, _WIDTH)
        weights[f"{block}.ffn_gate.weight"] = random(_INNER, _WIDTH)
        weights[f"{block}.ffn_up.weight"] = random(_INNER, _WIDTH)
        weights[f"{block}.ffn_down.weight"] = random(_WIDTH, _INNER)
    return weights


def main(path: str) -> None:
    """Write the model."""
    vocabulary = _vocabulary()
    gguf: Any = import_module("gguf")  # not in the environment that types are checked in
    file = gguf.GGUFWriter(path, "llama")
    file.add_context_length(_CONTEXT)
    file.add_embedding_length(_WIDTH)
    file.add_block_count(_LAYERS)
    file.add_feed_forward_length(_INNER)
    file.add_head_count(_HEADS)
    file.add_head_count_kv(_HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_dimension_count(_WIDTH // _HEADS)
    file.add_vocab_size(len(vocabulary))
    file.add_file_type(gguf.LlamaFileType.ALL_F32)
    file.add_tokenizer_model("llama")
    file.add_token_list([token.encode() for token, _, _ in vocabulary])
    file.add_token_scores([score for _, score, _ in vocabulary])
    file.add_token_types([kind for _, _, kind in vocabulary])
    file.add_bos_token_id(1)
    file.add_eos_token_id(2)
    file.add_unk_token_id(0)
    file.add_chat_template(_TEMPLATE)
    for name, weight in _weights(len(vocabulary)).items():
        file.add_tensor(name, weight)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


if __name__ == "__main__":
    main(sys.argv[1])
