import { CallError } from './call-error';
import { Caller, type CallOptions } from './caller';
import { Child } from './child';
import type { Contract, Event, MethodName, Params, Result } from './contract';

/** A native run in the child blocks its heartbeat, so this must be longer than the longest one. */
const DEFAULT_HANG_LIMIT = 120_000;
const DEFAULT_GRACE = 2000;

export interface SupervisorOptions {
  /** The program's file, which ends in a call of `serve`. */
  readonly entry: string;
  /** Who it is, for messages: "the pixel process". */
  readonly name: string;
  /** Longest silence while a call waits, in milliseconds; then the child is taken for hung and killed. */
  readonly hangLimit?: number;
  /** How long the child may take to end when it is closed, in milliseconds; then it is killed. */
  readonly grace?: number;
  /** Options for node itself, before the program. */
  readonly execArgv?: readonly string[];
  /** Variables of the environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told what the child writes to stderr. */
  readonly onStderr?: (text: string) => void;
}

/** A child process and the calls that wait for it. */
interface Life<C extends Contract> {
  readonly child: Child;
  readonly caller: Caller<C>;
  readonly ended: Promise<void>;
}

/**
 * Calls the methods of a contract in a child process, so that neither native code that blocks nor its crash touches this
 * process. The child starts with the first call. When it dies, every call that waits for it rejects with a `CallError`
 * that says how, and the next call starts another. An idle child does not keep this process alive.
 */
export class Supervisor<C extends Contract> {
  private readonly lives = new Set<Life<C>>();
  private current: Life<C> | undefined;
  private closed = false;

  constructor(
    private readonly contract: C,
    private readonly options: SupervisorOptions,
  ) {}

  /**
   * Calls a method in the child.
   *
   * @throws CallError how the call or the child failed; `Refusal` with the contract's failure where the method refused.
   */
  async call<M extends MethodName<C>>(
    method: M,
    params: Params<C, M>,
    options: CallOptions<Event<C, M>> = {},
  ): Promise<Result<C, M>> {
    if (this.closed) throw new CallError('closed', `${this.options.name} was closed`);
    if (options.signal?.aborted) throw new CallError('cancelled', `${method} was cancelled`);
    if (!this.current?.child.alive) this.current = this.start();
    const { child, caller } = this.current;
    const answer = caller.call(method, params, options);
    child.setWaitedFor(caller.waiting > 0);
    try {
      return await answer;
    } finally {
      child.setWaitedFor(caller.waiting > 0);
    }
  }

  /** Ends the child, if there is one, and resolves when it is gone. Calls that wait reject with kind `closed`. */
  async close(): Promise<void> {
    this.closed = true;
    const lives = [...this.lives];
    for (const { child, caller } of lives) {
      caller.failAll(new CallError('closed', `${this.options.name} was closed`));
      child.close(this.options.grace ?? DEFAULT_GRACE);
    }
    await Promise.all(lives.map(({ ended }) => ended));
  }

  private start(): Life<C> {
    const { entry, name, hangLimit = DEFAULT_HANG_LIMIT, execArgv = [] } = this.options;
    const { env = {}, onStderr = () => {} } = this.options;
    let finish = () => {};
    const ended = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const caller: Caller<C> = new Caller(this.contract, name, (message) => child.send(message));
    const child = new Child(
      { entry, name, hangLimit, execArgv, env, onStderr },
      (message) => caller.receive(message),
      (reason) => {
        this.lives.delete(life);
        caller.failAll(reason);
        finish();
      },
    );
    const life = { child, caller, ended };
    this.lives.add(life);
    return life;
  }
}
