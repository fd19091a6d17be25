import * as v from 'valibot';
import { Caller } from '../protocol/caller';
import type { Contract, Failure, Handlers } from '../protocol/contract';
import { toCaller } from '../protocol/messages';
import { Server } from '../protocol/server';

/**
 * One message between a view and its host. Both sides call and both answer over one channel, so that each message names
 * the contract it belongs to: the one whose methods are called.
 */
export const viewMessageSchema = v.object({
  contract: v.picklist(['host', 'webview']),
  message: v.unknown(),
});
export type ViewMessage = v.InferOutput<typeof viewMessageSchema>;

/** What one side brings: what it answers, and what it calls. */
export interface ViewSide<Mine extends Contract, Theirs extends Contract> {
  /** The contract that this side answers, its name in messages, and what to do. */
  readonly mine: {
    readonly name: ViewMessage['contract'];
    readonly contract: Mine;
    readonly handlers: Handlers<Mine>;
    /** The contract's failure for what a handler threw, or undefined for what the caller cannot understand. */
    readonly failureOf: (error: unknown) => Failure<Mine> | undefined;
  };
  /** The contract that the other side answers; `title` is what people call that side ("the extension"). */
  readonly theirs: {
    readonly name: ViewMessage['contract'];
    readonly contract: Theirs;
    readonly title: string;
  };
  /** Posts a message to the other side. */
  readonly post: (message: ViewMessage) => void;
}

/** One end of the channel between a view and its host: give `receive` each message that arrives. */
export class ViewChannel<Mine extends Contract, Theirs extends Contract> {
  /** Calls the other side. */
  readonly caller: Caller<Theirs>;
  private readonly server: Server<Mine>;

  constructor(private readonly side: ViewSide<Mine, Theirs>) {
    const { mine, theirs, post } = side;
    this.caller = new Caller(theirs.contract, theirs.title, (message) => {
      post({ contract: theirs.name, message });
    });
    this.server = new Server(mine.contract, mine.handlers, mine.failureOf, (message) => {
      post({ contract: mine.name, message });
    });
  }

  /** Takes a message from the channel. Never throws; what is no message of either contract is left out. */
  receive(raw: unknown): void {
    const envelope = v.safeParse(viewMessageSchema, raw);
    if (!envelope.success) return;
    const { contract, message } = envelope.output;
    if (contract === this.side.mine.name) {
      this.server.receive(message);
      return;
    }
    const answer = v.safeParse(toCaller, message);
    if (answer.success) this.caller.receive(answer.output);
  }
}
