import { brokenOff, EndpointFailure } from './endpoint-failure';

/** How far a connection had come when it failed. */
export type Progress = 'connecting' | 'asking' | 'answering';

/** An error of node's network code in words, and whether another try may help. `host` is the server's, with its port. */
export function connectionFailure(error: unknown, host: string, progress: Progress): EndpointFailure {
  const code = codeOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  const unreachable = (words: string) => new EndpointFailure('unreachable', words, { after: null });
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return new EndpointFailure('unreachable', `${host} does not speak https (${code}): try http://.`);
  if (code.startsWith('HPE_')) {
    return new EndpointFailure(
      'unreachable',
      `What ${host} says is no HTTP (${code}): is it another kind of server, or is it https://?`,
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code))
    return new EndpointFailure('unreachable', `The certificate of ${host} is not accepted: ${message}.`);
  if (code === 'ECONNREFUSED')
    return unreachable(`No server answers at ${host}: the connection was refused. Is it running?`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable(`The name of the server, ${host}, is not known here (${code}).`);
  if (progress === 'connecting') return unreachable(`The connection to ${host} fails: ${message}.`);
  return progress === 'asking'
    ? brokenOff(`${host} closed the connection before it answered (${code}).`)
    : brokenOff(`${host} closed the connection in the middle of its answer (${code}).`);
}

/** Node's code of an error; where several addresses of a name were tried, that of the first. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'unknown error';
}
