/** What a call of a stream is made with. */
export interface StreamCall<E> {
  readonly signal: AbortSignal;
  readonly onEvent: (event: E) => void;
}

/**
 * The events of a call as they come, for `for await`. `start` makes the call with the options it is given. The generator
 * returns the call's result and throws what the call rejects with, after all events that came before; leaving the loop
 * early cancels the call.
 */
export async function* streamCall<E, R>(
  start: (call: StreamCall<E>) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<E, R, undefined> {
  const leave = new AbortController();
  const events: E[] = [];
  let wake = () => {};
  let settled = false;

  const call = start({
    signal: signal ? AbortSignal.any([signal, leave.signal]) : leave.signal,
    onEvent: (event) => {
      events.push(event);
      wake();
    },
  });
  const settle = () => {
    settled = true;
    wake();
  };
  call.then(settle, settle);
  try {
    for (;;) {
      const event = events.shift();
      if (event !== undefined) yield event;
      else if (settled) return await call;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    leave.abort();
  }
}
