import type { GenericSchema, InferOutput } from 'valibot';

/** What one method takes, what it streams while it works (`v.never()`: nothing), and what it returns. */
export interface Method {
  readonly params: GenericSchema;
  readonly event: GenericSchema;
  readonly result: GenericSchema;
}

/**
 * What two sides of a channel agree on. Each side checks what it receives against these schemas, so that a wrong message
 * is an error at the border and its types hold inside. `failure` is how a method refuses in a way the caller understands.
 */
export interface Contract {
  readonly methods: Readonly<Record<string, Method>>;
  readonly failure: GenericSchema;
}

/** The same data, not to be changed: what was received is shared with nobody, what is sent may be. */
export type Immutable<T> = T extends ArrayBufferView
  ? T
  : { readonly [K in keyof T]: unknown extends T[K] ? T[K] : Immutable<T[K]> };

export type MethodName<C extends Contract> = keyof C['methods'] & string;
export type Params<C extends Contract, M extends MethodName<C>> = Immutable<
  InferOutput<C['methods'][M]['params']>
>;
export type Event<C extends Contract, M extends MethodName<C>> = Immutable<
  InferOutput<C['methods'][M]['event']>
>;
export type Result<C extends Contract, M extends MethodName<C>> = Immutable<
  InferOutput<C['methods'][M]['result']>
>;
export type Failure<C extends Contract> = Immutable<InferOutput<C['failure']>>;

/** The method itself: it may stream events and should stop soon once `signal` is aborted. */
export type Handler<C extends Contract, M extends MethodName<C>> = (
  params: Params<C, M>,
  context: { readonly signal: AbortSignal; readonly emit: (event: Event<C, M>) => void },
) => Promise<Result<C, M>> | Result<C, M>;

/** One handler for each method of the contract. */
export type Handlers<C extends Contract> = { readonly [M in MethodName<C>]: Handler<C, M> };
