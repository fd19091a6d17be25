import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeOnWebgpu } from '../../helpers/software-vulkan';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { tirelessModel, vilasr } from '../../helpers/vilasr';

const pace = { tokens: expect.any(Number), seconds: expect.any(Number) };

describeOnWebgpu('vilasr model bench on a graphics card', () => {
  it('says which it is and all that was compared, and measures it with the attention that is right there', async () => {
    const dir = await brief(tirelessModel);
    const { exitCode, stdout } = await vilasr(['model', 'bench', dir, '--provider', 'webgpu', '--json']);
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    const { taken, found } = report.card;
    expect(taken).toContain('SwiftShader');
    const compared = (wanted: string) =>
      found.checks
        .filter(({ what }: { what: string }) => what.startsWith(wanted))
        .map(({ off, most }: { off: number; most: number }) => off <= most);
    expect(compared('products')).toEqual([true, true, true, true]);
    // Its fused attention is wrong from the first stretch of 32 tokens on, which does not end the search.
    expect(compared('fused')).toEqual([true, true, ...Array(6).fill(false)]);
    // The stretches, three conversations that go on together, and an image.
    expect(compared('decomposed')).toEqual(Array(7 + 3 + 1).fill(true));
    expect(found.milliseconds).toMatchObject({ cpu: expect.any(Number), card: expect.any(Number) });
    expect(report.usual).toMatchObject({ provider: 'cpu', why: expect.stringContaining('slower') });
    expect(report.providers).toMatchObject([
      {
        ...{ provider: 'webgpu', attention: 'decomposed', weights: 'fp32', state: 'measured' },
        figures: { prefill: pace, decode: pace, image: pace, together: null },
      },
    ]);
  });
});

/** A copy of a checkpoint for which the measurements are short: of few tokens and small pictures. */
async function brief(checkpoint: string): Promise<string> {
  const dir = await temporaryFolder();
  await cp(checkpoint, dir, { recursive: true });
  const change = async (name: string, changes: object) => {
    const path = join(dir, name);
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...changes }));
  };
  await change('config.json', { max_position_embeddings: 200 });
  await change('preprocessor_config.json', { min_pixels: 784, max_pixels: 12 * 784 });
  return dir;
}
