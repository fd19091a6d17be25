import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer());

/** From the side that calls. */
export const toServer = v.variant('type', [
  v.object({ type: v.literal('request'), id, method: v.string(), params: v.unknown() }),
  v.object({ type: v.literal('cancel'), id }),
]);
export type ToServer = v.InferOutput<typeof toServer>;

/** From the side that answers. A request gets any number of events and then one of `result`, `failure` and `error`. */
export const toCaller = v.variant('type', [
  v.object({ type: v.literal('event'), id, event: v.unknown() }),
  v.object({ type: v.literal('result'), id, result: v.unknown() }),
  v.object({ type: v.literal('failure'), id, failure: v.unknown() }),
  v.object({
    type: v.literal('error'),
    id,
    kind: v.picklist(['malformed', 'unexpected']),
    message: v.string(),
  }),
  /** Sent all the time: the process can still run code. `memory` is what it uses, in bytes. */
  v.object({ type: v.literal('heartbeat'), memory: v.number() }),
]);
export type ToCaller = v.InferOutput<typeof toCaller>;

/** What is wrong with a value, in one line, for an error message. */
export function describeIssues(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [first] = issues;
  const path = v.getDotPath(first);
  return path ? `${path}: ${first.message}` : first.message;
}
