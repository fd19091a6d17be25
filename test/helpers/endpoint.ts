import { onTestFinished } from 'vitest';
import { type EndpointOptions, openEndpointEngine } from '../../src/engine/endpoint/endpoint-engine';
import type { Engine, GenerateRequest } from '../../src/engine/engine';
import { encodePng } from '../../src/image/decode/native';

export const ADVICE = { key: 'Give a key.', model: 'Name a model.', images: 'Use fewer images.' };

/** Tries again at once, so that tests need not wait. */
export const AT_ONCE = { times: 3, first: 1, longest: 5000 };

/** An engine for the model `tiny` of the server at `url`, which is closed with the test. */
export async function openTiny(url: string, options: Partial<EndpointOptions> = {}): Promise<Engine> {
  const engine = await openEndpointEngine({
    url,
    model: 'tiny',
    key: null,
    encodePng,
    advice: ADVICE,
    retry: AT_ONCE,
    ...options,
  });
  onTestFinished(() => engine.close());
  return engine;
}

export const SAY_IT: GenerateRequest = {
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', parts: [{ type: 'text', text: 'Say it.' }] },
  ],
  sampling: { temperature: 0, topP: 1, seed: 0 },
  maxTokens: 100,
};
