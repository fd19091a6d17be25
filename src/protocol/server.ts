import * as v from 'valibot';
import type { Contract, Failure, Handler, Handlers, MethodName, Params } from './contract';
import { describeIssues, type ToCaller, type ToServer, toServer } from './messages';

type Request = Extract<ToServer, { type: 'request' }>;
type Answer = Extract<ToCaller, { id: number }>;

/**
 * The side that answers, over any channel: give `receive` each message that arrives. Requests run side by side; a handler
 * that must have the machine to itself queues them.
 */
export class Server<C extends Contract> {
  private readonly running = new Map<number, AbortController>();

  /**
   * @param failureOf the contract's failure for what a handler threw, or undefined for what no caller can understand.
   * @param send posts a message to the caller; may throw if the message cannot be copied.
   */
  constructor(
    private readonly contract: C,
    private readonly handlers: Handlers<C>,
    private readonly failureOf: (error: unknown) => Failure<C> | undefined,
    private readonly send: (message: ToCaller) => void,
  ) {}

  /** Takes a message from the channel. Never throws; what is not a message of the protocol is left out. */
  receive(raw: unknown): void {
    const message = v.safeParse(toServer, raw);
    if (!message.success) return;
    if (message.output.type === 'cancel') this.running.get(message.output.id)?.abort();
    else void this.answer(message.output);
  }

  private async answer(request: Request): Promise<void> {
    const { id } = request;
    const abort = new AbortController();
    this.running.set(id, abort);
    try {
      this.reply(await this.run(request, abort.signal));
    } catch (error) {
      const failure = this.failureOf(error);
      if (failure !== undefined) this.reply({ type: 'failure', id, failure });
      else this.reply({ type: 'error', id, kind: 'unexpected', message: describe(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private async run({ id, method, params }: Request, signal: AbortSignal): Promise<Answer> {
    const malformed = (message: string): Answer => ({ type: 'error', id, kind: 'malformed', message });
    const handler: Handler<C, MethodName<C>> | undefined = this.isMethod(method)
      ? this.handlers[method]
      : undefined;
    const schema = this.contract.methods[method]?.params;
    if (!handler || !schema) return malformed(`there is no method ${method}`);
    const checked = v.safeParse(schema, params);
    if (!checked.success) return malformed(`${method} got bad params: ${describeIssues(checked.issues)}`);
    // What the contract infers from this schema; the compiler cannot follow that through `C`.
    const input = checked.output as Params<C, MethodName<C>>;
    const emit = (event: unknown) => this.send({ type: 'event', id, event });
    return { type: 'result', id, result: await handler(input, { signal, emit }) };
  }

  /** A result that cannot be copied to the other side must not leave the request without an answer. */
  private reply(message: Answer): void {
    try {
      this.send(message);
    } catch (error) {
      const text = `the answer cannot be sent: ${describe(error)}`;
      this.send({ type: 'error', id: message.id, kind: 'malformed', message: text });
    }
  }

  private isMethod(name: string): name is MethodName<C> {
    return Object.hasOwn(this.contract.methods, name);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
