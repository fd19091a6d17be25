import type { Contract, Failure, Handlers } from './contract';
import type { ToCaller } from './messages';
import { Server } from './server';

const HEARTBEAT_MS = 1000;

/**
 * Makes this process, which a `Supervisor` started, answer the contract. It ends when its parent ends or closes it, and
 * lives through the interrupt of a terminal (Ctrl-C goes to all processes in it), so that the parent can end in order.
 *
 * @param failureOf the contract's failure for what a handler threw, or undefined for what no caller can understand.
 */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  failureOf: (error: unknown) => Failure<C> | undefined,
): void {
  const send = (message: ToCaller): void => {
    // An error after this check is the parent's end, which `disconnect` reports too.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const server = new Server(contract, handlers, failureOf, send);
  process.on('message', (message) => server.receive(message));
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => {});
  const beat = () => send({ type: 'heartbeat', memory: process.memoryUsage.rss() });
  setInterval(beat, HEARTBEAT_MS).unref();
  beat();
}
