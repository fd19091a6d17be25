import * as v from 'valibot';
import { CallError, Refusal } from './call-error';
import type { Contract, Event, MethodName, Params, Result } from './contract';
import { describeIssues, type ToCaller, type ToServer } from './messages';

export interface CallOptions<E> {
  /** Ends the call with a `CallError` of kind `cancelled`, at once unless `grace` is given; the other side is told to stop. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How many milliseconds an aborted call waits for the other side to stop: until then its events are handed on, so that
   * none is lost that it sent before, or as, it heard of the abort.
   */
  readonly grace?: number;
  /** Takes the events in order, before the call settles. If it throws, the call is cancelled and rejects with that. */
  readonly onEvent?: (event: E) => void;
  /** Longest wait for the answer in milliseconds; without it, as long as it takes. */
  readonly timeout?: number;
}

/** A call that has no answer yet. */
interface Pending {
  readonly onEvent: (event: unknown) => void;
  readonly onResult: (result: unknown) => void;
  readonly onFailure: (failure: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The side that calls, over any channel: give `receive` each message that arrives. Every call settles: by its answer, its
 * signal, its time-out, or `failAll` when the channel ends.
 */
export class Caller<C extends Contract> {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  /**
   * @param name the other side, for messages ("the pixel process").
   * @param send posts a message to the other side; throws only for params that cannot be copied.
   */
  constructor(
    private readonly contract: C,
    private readonly name: string,
    private readonly send: (message: ToServer) => void,
  ) {}

  /** How many calls wait for their answer. */
  get waiting(): number {
    return this.pending.size;
  }

  /** Calls a method. Rejects with `CallError`, or with `Refusal` for a failure that the contract knows. */
  async call<M extends MethodName<C>>(
    method: M,
    params: Params<C, M>,
    { signal, grace = 0, onEvent, timeout }: CallOptions<Event<C, M>> = {},
  ): Promise<Result<C, M>> {
    if (signal?.aborted) throw this.cancelled(method);
    const id = this.nextId++;
    const schemas = this.contract.methods[method];
    const stop = (error: unknown) => this.stop(id, error);
    let last: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      if (grace === 0) return stop(this.cancelled(method));
      this.send({ type: 'cancel', id });
      last = setTimeout(() => stop(this.cancelled(method)), grace);
    };
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => stop(this.timedOut(method, timeout)), Math.min(timeout, 2 ** 31 - 1));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.pending.set(id, {
          onEvent: (event) => onEvent?.(this.check(schemas?.event, event, `${method}: event`)),
          onResult: (result) => {
            const checked: Result<C, M> = this.check(schemas?.result, result, `${method}: result`);
            if (signal?.aborted) reject(this.cancelled(method));
            else resolve(checked);
          },
          onFailure: (failure) => {
            const refusal = new Refusal(this.check(this.contract.failure, failure, `${method}: failure`));
            reject(signal?.aborted ? this.cancelled(method) : refusal);
          },
          reject,
        });
        this.post({ type: 'request', id, method, params });
      });
    } finally {
      this.pending.delete(id);
      clearTimeout(timer);
      clearTimeout(last);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Takes a message from the channel. Answers to calls that settled meanwhile are left out. */
  receive(message: ToCaller): void {
    if (message.type === 'heartbeat') return;
    const { id } = message;
    const call = this.pending.get(id);
    if (!call) return;
    try {
      if (message.type === 'event') call.onEvent(message.event);
      else if (message.type === 'result') call.onResult(message.result);
      else if (message.type === 'failure') call.onFailure(message.failure);
      else call.reject(new CallError(message.kind, `${this.name}: ${message.message}`));
    } catch (error) {
      this.stop(id, error);
    }
  }

  /** Rejects every call that waits: the channel is gone. */
  failAll(error: CallError): void {
    for (const call of [...this.pending.values()]) call.reject(error);
  }

  /** `T` is what the contract infers from `schema`; the compiler cannot follow that through `C`. */
  private check<T>(schema: v.GenericSchema | undefined, value: unknown, what: string): T {
    const checked = v.safeParse(schema ?? v.never(), value);
    if (checked.success) return checked.output as T;
    throw new CallError('malformed', `${this.name} sent a bad ${what}: ${describeIssues(checked.issues)}`);
  }

  private post(message: ToServer): void {
    try {
      this.send(message);
    } catch (error) {
      throw new CallError('malformed', `the call cannot be sent to ${this.name}: ${String(error)}`);
    }
  }

  /** Gives up on a call that waits, and tells the other side. */
  private stop(id: number, error: unknown): void {
    const call = this.pending.get(id);
    if (!call) return;
    this.pending.delete(id);
    call.reject(error);
    this.send({ type: 'cancel', id });
  }

  private cancelled(method: string): CallError {
    return new CallError('cancelled', `${method} was cancelled`);
  }

  private timedOut(method: string, timeout: number): CallError {
    return new CallError('timed-out', `${this.name} did not answer ${method} within ${timeout / 1000} s`);
  }
}
