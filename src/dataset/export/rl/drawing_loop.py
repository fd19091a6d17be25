"""The rollout of verl 0.9 in which the model draws: it says a turn, sees what it drew, and says the next one.

`agent.yaml` names this class, and the folder of this file is on PYTHONPATH. The words between two turns are those of
`profile.json`. What the model says is trained on; what it is shown is masked.
"""

import json
from uuid import uuid4

from drawing import Board, Ends, next_images
from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopOutput
from verl.utils.profiler import simple_timer

HERE = "\0"


class DrawingLoop(AgentLoopBase):
    def __init__(self, *args, profile, max_turns, max_images, max_turn_tokens, **kwargs):
        super().__init__(*args, **kwargs)
        with open(profile, encoding="utf-8") as file:
            self.words = json.load(file)["drawn"]
        self.max_turns, self.max_images, self.max_turn_tokens = max_turns, max_images, max_turn_tokens
        self.room = self.rollout_config.response_length

    async def run(self, sampling_params, **kwargs):
        messages = list(kwargs["raw_prompt"])
        images = (await self.process_multi_modal_info(messages)).get("images") or []
        self._assert_mm_supported(True)
        board = Board(images, self.max_images)
        shown = len(images)
        tokens = await self.ct_build_initial_tokens(messages, images=images)
        mask, log_probs, turns, finish, metrics, extra = [], None, [], "max_tokens", {}, {}
        request_id = uuid4().hex
        for number in range(self.max_turns):
            limit = min(self.max_turn_tokens, self.room - len(mask))
            with simple_timer("generate_sequences", metrics):
                said = await self.server_manager.generate(
                    request_id=request_id,
                    prompt_ids=tokens,
                    sampling_params={**sampling_params, "max_tokens": limit},
                    image_data=board.images[:shown],
                )
            extra.update(said.extra_fields)
            kept = log_probs if log_probs is not None else ([] if said.log_probs else None)
            merged, mask, log_probs = await self.ct_merge_assistant_token(
                tokens, said.token_ids, mask, kept, assistant_logprobs=said.log_probs or None
            )
            tokens = merged.token_ids
            text = self.tokenizer.decode(said.token_ids, skip_special_tokens=True)
            turns.append(text)
            if len(said.token_ids) >= limit and said.token_ids[-1] != self.tokenizer.eos_token_id:
                finish = "length"
                break
            try:
                drawn, is_last = next_images(board, text, number, self.max_turns)
            except Ends as end:
                finish = str(end)
                break
            messages = [*messages, {"role": "assistant", "content": text}]
            asked = [*messages, {"role": "user", "content": self.message(board, drawn, is_last)}]
            merged, more_mask, more_log_probs = await self.ct_merge_context_msg(messages, asked, tokens, mask, log_probs)
            if len(more_mask) >= self.room:
                break
            tokens, mask, log_probs, messages = merged.token_ids, more_mask, more_log_probs, asked
            shown = len(board.images)
        split = len(tokens) - len(mask)
        return AgentLoopOutput(
            prompt_ids=tokens[:split],
            response_ids=tokens[split:][: self.room],
            response_mask=mask[: self.room],
            response_logprobs=log_probs[: self.room] if log_probs else None,
            multi_modal_data={"images": board.images[:shown]},
            num_turns=2 * len(turns),
            metrics=metrics,
            # The reward function is given these.
            extra_fields={**extra, "turns": turns, "finish": finish, "turn_scores": [], "tool_rewards": []},
        )

    def message(self, board, numbers, is_last):
        """The message that shows the images of these numbers, as a list of images and texts."""
        parts = []
        for i, number in enumerate(numbers):
            width, height = board.images[number - 1].size
            values = {"image": HERE, "index": number, "width": width, "height": height}
            if i < len(numbers) - 1:
                text = self.words["earlier"].format(**values)
            else:
                message = self.words["final" if is_last else "next"].format(**values)
                text = self.words["one" if len(numbers) == 1 else "last"].format(image=HERE, message=message)
            before, after = text.split(HERE)
            image = {"type": "image", "image": board.images[number - 1]}
            parts += [{"type": "text", "text": before}, image, {"type": "text", "text": after}]
        return [part for part in parts if part.get("text") != ""]
