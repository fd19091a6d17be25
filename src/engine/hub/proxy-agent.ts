import {
  type Agent,
  type ClientRequest,
  type ClientRequestArgs,
  Agent as HttpAgent,
  request as startHttp,
} from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as startHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as startTls } from 'node:tls';
import { EngineError } from '../engine';

type Connected = (error: Error | null, stream: Duplex) => void;

/** Connections over https that go through a tunnel of a proxy (HTTP CONNECT, RFC 9110, 9.3.6). */
class TunnelAgent extends HttpsAgent {
  /** Tunnels that the proxy has not answered for yet. */
  private readonly asked = new Set<ClientRequest>();

  constructor(
    private readonly proxy: URL,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: ClientRequestArgs & ConnectionOptions, done?: Connected): undefined {
    const { proxy } = this;
    const target = `${options.host}:${options.port ?? 443}`;
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const start = proxy.protocol === 'https:' ? startHttps : startHttp;
    const fail = (why: string) =>
      // The stream is not looked at where there is an error.
      done?.(new Error(`the proxy ${proxy.host} ${why}`), undefined as never);
    const asking = start({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(proxy.username !== '' && {
          'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
        }),
      },
    });
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        const { host = '' } = options;
        // A bare address is no name that a certificate could be asked for by.
        const servername = options.servername || (isIP(host) === 0 ? host : '');
        done?.(null, startTls({ ...options, host, port: Number(options.port), socket, servername }));
        return;
      }
      socket.destroy();
      fail(statusCode === 407 ? 'wants a user and password' : `refuses with ${statusCode}`);
    });
    asking.once('error', (error) => fail(`fails: ${error.message}`));
    this.asked.add(asking);
    asking.once('close', () => this.asked.delete(asking));
    asking.end();
    return undefined;
  }

  /** Also what waits for a proxy that says nothing. */
  override destroy(): void {
    for (const asking of this.asked) asking.destroy();
    super.destroy();
  }
}

/**
 * What makes the connections for addresses of a protocol: those over https by the proxy, if there is one. Throws `EngineError`
 * (`bad-request`) for the address of a proxy that is none.
 *
 * @param options For TLS, as a certificate of one's own.
 */
export function makeAgent(protocol: string, proxy: string | null, options: AgentOptions = {}): Agent {
  if (protocol !== 'https:') return new HttpAgent({ keepAlive: true });
  if (proxy === null) return new HttpsAgent({ keepAlive: true, ...options });
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new EngineError(
      'bad-request',
      `The address of the proxy, "${proxy}", is no http or https address.`,
    );
  return new TunnelAgent(new URL(address), { keepAlive: true, ...options });
}
