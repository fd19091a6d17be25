import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { decodeFile, loadImage } from '../../../../src/image/load';
import { paint } from '../../../../src/image/paint';
import { ImageError } from '../../../../src/image/pixel-service';
import { renderImage } from '../../../../src/image/render';
import { deriveTurns } from '../../../../src/trace/derive';
import type { Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { drawnTrace, exported, hashes, input, readSamples, writeSource } from './exported';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'out');
});

/** Changes the first trace of `path`: the cup of turn 1 moves. */
async function moveCup(path: string, trace: Trace): Promise<void> {
  const session = new EditSession({
    file: await OverlayFile.of(path),
    find: async () => trace,
    who: 'Ann',
  });
  const hash = createHash('sha256').update(writeTrace(trace)).digest('hex');
  const start = trace.turns[0]?.text.indexOf('[4,') ?? 0;
  const change = { type: 'text', turn: 0, start: start + 1, removed: '4', inserted: '14' } as const;
  await session.edit({ hash, occurrence: 0 }, 'Move the cup', [change]);
  await session.save();
}

describe('a data set for LLaMA-Factory', () => {
  it('has a sample for each trace, with all its images in their order', async () => {
    const path = await writeSource(folder, [drawnTrace('a'), drawnTrace('b')]);
    const manifest = await exported(path, 'llamafactory', out);
    const samples = await readSamples(out);
    expect(samples.map(({ conversations }) => conversations.map(({ role }) => role).join(' '))).toEqual(
      Array(2).fill('system user assistant user assistant user assistant'),
    );
    expect(samples[1]?.images).toEqual([1, 2, 3, 4].map((n) => `images/1/image_${n}.png`));
    const shown = samples[0]?.conversations.map(({ content }) => content.split('<image>').length - 1);
    expect(shown).toEqual([0, 1, 0, 1, 0, 2, 0]);
    expect(manifest.counts).toEqual({
      read: 2,
      written: 2,
      edited: 0,
      leftOut: 0,
      images: { copied: 2, linked: 0, resized: 0, drawn: 6 },
    });
  });

  it('comes with settings for both stages, which differ in where they begin and end alone', async () => {
    const manifest = await exported(await writeSource(folder, [drawnTrace('one')]), 'llamafactory', out);
    const [first = [], second = []] = await Promise.all(
      ['cold_start.yaml', 'reflective.yaml'].map(async (name) =>
        (await readFile(join(out, name), 'utf8')).split('\n'),
      ),
    );
    const { image_max_pixels, cutoff_len } = manifest.advice ?? {};
    expect(first).toContain(`image_max_pixels: ${image_max_pixels}`);
    expect(first).toContain(`cutoff_len: ${cutoff_len}`);
    expect(first).toContain('dataset: "data"');
    const other = second.filter((line, i) => !line.startsWith('#') && line !== first[i]);
    expect(other).toEqual(['model_name_or_path: saves/cold_start', 'output_dir: saves/reflective']);
  });

  it('is described in dataset_info.json', async () => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    await exported(path, 'llamafactory', out);
    expect(JSON.parse(await readFile(join(out, 'dataset_info.json'), 'utf8'))).toEqual({
      data: {
        file_name: 'data.json',
        formatting: 'sharegpt',
        columns: { messages: 'conversations', images: 'images' },
        tags: {
          role_tag: 'role',
          content_tag: 'content',
          user_tag: 'user',
          assistant_tag: 'assistant',
          system_tag: 'system',
        },
      },
    });
  });

  it('names every file and its hash in its manifest', async () => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    const { files } = await exported(path, 'llamafactory', out);
    const { 'manifest.json': _, ...others } = await hashes(out);
    expect(Object.fromEntries(files.map((file) => [file.path, file.sha256]))).toEqual(others);
    for (const file of files) expect((await readFile(join(out, file.path))).length).toBe(file.bytes);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const path = await writeSource(folder, [drawnTrace('a'), drawnTrace('b')]);
    await exported(path, 'llamafactory', out);
    await exported(path, 'llamafactory', join(folder, 'again'));
    expect(await hashes(join(folder, 'again'))).toEqual(await hashes(out));
  });
});

describe('the images', () => {
  it('are what the model saw: painted from nothing, they have the same pixels', async () => {
    const trace = drawnTrace('a');
    await exported(await writeSource(folder, [trace]), 'llamafactory', out);
    const { images } = deriveTurns(1, trace.turns);
    const limits = { factor: 28, minPixels: 28 * 28, maxPixels: 1 << 20 };
    const pixels = [(await loadImage(join(folder, 'images/a.png'), limits)).image];
    for (const { base, canvas } of images.slice(1)) {
      const under = pixels[(base ?? 0) - 1];
      if (under === undefined) throw new Error('there is no base');
      pixels.push(paint(under, canvas));
    }
    for (const [i, image] of pixels.entries()) {
      const written = await decodeFile(join(out, `images/0/image_${i + 1}.png`));
      expect([i, written.data.findIndex((v, j) => v !== image.data[j])]).toEqual([i, -1]);
    }
  });

  it('that were given are copied byte for byte where they have the model’s size, in their own form', async () => {
    const trace = drawnTrace('a');
    const path = await writeSource(folder, [trace]);
    await exported(path, 'llamafactory', out);
    const [given, copied] = await Promise.all(
      [join(folder, 'images/a.png'), join(out, 'images/0/image_1.png')].map((file) => readFile(file)),
    );
    expect(copied).toEqual(given);
  });

  it.each([
    ['where the trace tells', { width: 84, height: 56 }],
    ['as is usual where it does not', null],
  ])('that have another size are resized %s', async (_, model) => {
    const trace = drawnTrace('a', {
      images: [input('images/a.png', { file: { width: 100, height: 60 }, model })],
    });
    const { counts } = await exported(await writeSource(folder, [trace]), 'llamafactory', out);
    expect(counts.images).toEqual({ copied: 0, linked: 0, resized: 1, drawn: 3 });
    const sizes = await Promise.all(
      [1, 2].map(async (n) => (await decodeFile(join(out, `images/0/image_${n}.png`))).width),
    );
    expect(sizes).toEqual(model === null ? [112, 112] : [84, 84]);
    const [sample] = await readSamples(out);
    expect(sample?.conversations[0]?.content).toContain(model === null ? '(112, 56)' : '(84, 56)');
  });

  it('are copied where the trace is wrong about the size on disk, which is looked at', async () => {
    const trace = drawnTrace('a', { images: [input('images/a.png')] });
    const path = await writeSource(folder, [trace]);
    await writeFile(path, `${writeTrace({ ...trace, images: [input('images/a.png', { file: null })] })}\n`);
    expect((await exported(path, 'llamafactory', out)).counts.images.copied).toBe(1);
  });

  it('can be links to those that were given', async () => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    const { counts } = await exported(path, 'llamafactory', out, { mode: 'link' });
    expect(counts.images).toEqual({ copied: 0, linked: 1, resized: 0, drawn: 3 });
    expect((await lstat(join(out, 'images/0/image_1.png'))).isSymbolicLink()).toBe(true);
    expect((await lstat(join(out, 'images/0/image_2.png'))).isSymbolicLink()).toBe(false);
  });

  it('of a run without drawing are the one it was shown again and again', async () => {
    const limits = { maxTurns: 10, maxImages: 9, maxTokens: 9, minPixels: 784, maxPixels: 99999 };
    const trace = drawnTrace('a', {
      run: {
        ...{ model: 'm', hash: null, provider: 'cpu', weights: null, profile: 'p', limits, drawing: false },
        ...{ sampling: { temperature: 0, topP: 1, seed: 0 }, startedAt: '2026-11-25T12:00:00Z', seconds: 1 },
      },
    });
    await exported(await writeSource(folder, [trace]), 'llamafactory', out);
    expect((await readSamples(out))[0]?.images).toEqual(Array(4).fill('images/0/image_1.png'));
  });
});

it('edits are applied, and only what descends from them has other pixels', async () => {
  const trace = drawnTrace('a');
  const path = await writeSource(folder, [trace, drawnTrace('b')]);
  await exported(path, 'llamafactory', join(folder, 'before'));
  await moveCup(path, trace);
  const { counts, overlay } = await exported(path, 'llamafactory', out);
  expect(counts.edited).toBe(1);
  expect(overlay).toMatchObject({
    file: 'data.traces.jsonl.edits.jsonl',
    events: 1,
    applied: 1,
    notApplied: [],
  });
  const [before, after] = [await hashes(join(folder, 'before')), await hashes(out)];
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  // The longest sample has a character more.
  const settings = ['cold_start.yaml', 'reflective.yaml'];
  const rest = ['data.json', 'images/0/image_2.png', 'images/0/image_3.png', 'manifest.json'];
  expect(changed).toEqual([...rest, ...settings].sort());
  const [sample] = await readSamples(out);
  expect(sample?.conversations[2]?.content).toContain('[14, 5, 34, 40]');
});

describe('a picture that is not as it should be', () => {
  const cases: [string, Trace, string][] = [
    ['missing', drawnTrace('b'), 'The image "images/b.png" cannot be found.'],
    [
      'another one than the trace was made of',
      drawnTrace('b', { images: [input('images/a.png', { sha256: '0'.repeat(64) })] }),
      'is not the one that the trace was made of.',
    ],
    ['no picture', drawnTrace('b', { images: [input('data.traces.jsonl')] }), 'Cannot use'],
    ['out of reach', drawnTrace('b', { images: [input('../b.png')] }), 'leads out of'],
  ];
  const write = async (trace: Trace) => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    await writeFile(path, `${writeTrace(drawnTrace('a'))}\n${writeTrace(trace)}\n`);
    return path;
  };

  it.each(cases)('since it is %s ends the export, and nothing is left behind', async (_, trace, message) => {
    const path = await write(trace);
    const failed = exported(path, 'llamafactory', out);
    await expect(failed).rejects.toThrow(`${path}, line 2, b: `);
    await expect(failed).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(['data.traces.jsonl', 'images']);
  });

  it.each(cases)(
    'since it is %s can be left out with its trace, which is told',
    async (_, trace, message) => {
      const { leftOut, counts, files } = await exported(await write(trace), 'llamafactory', out, {
        skipMissing: true,
      });
      expect(counts).toMatchObject({ read: 2, written: 1, leftOut: 1 });
      expect(leftOut).toMatchObject([{ line: 2, id: 'b' }]);
      expect(leftOut[0]?.reason).toContain(message);
      expect(files.map(({ path }) => path).filter((path) => path.startsWith('images/1'))).toEqual([]);
    },
  );
});

it('what cannot be written, or drawn at all, is no fault of a picture: nothing is left out for it', async () => {
  const path = await writeSource(folder, [drawnTrace('a')]);
  for (const error of [
    (out: string) => new ImageError(`Cannot write ${out}: ENOSPC.`),
    () => new ImageError('Cannot use a.png: the pixel process was killed.', { cause: new Error('killed') }),
  ]) {
    const renderer = {
      render: async ({ out }: { out: string }) => {
        throw error(out);
      },
    };
    const failed = exported(path, 'llamafactory', out, { renderer, skipMissing: true });
    await expect(failed).rejects.toThrow(ImageError);
    expect(await readdir(folder)).toEqual(['data.traces.jsonl', 'images']);
  }
});

describe('what cannot be said to a trainer is left out, and why is told', () => {
  const turn = (text: string) => ({
    ...drawnTrace('x').turns[0],
    text,
    finish: 'stop' as const,
    tokens: null,
    seconds: null,
  });
  const [first, , last] = drawnTrace('x').turns;
  it.each<[string, Trace | string]>([
    [
      'Turn 2 draws nothing that could be shown before turn 3.',
      drawnTrace('b', {
        turns: [first, turn('hm'), last].flatMap((one) =>
          one ? [{ ...turn(''), ...one }] : [],
        ) as Trace['turns'],
      }),
    ],
    ...['<image>', '<video>', '<audio>', '<|image_pad|>', '<|video_pad|>'].map((word): [string, Trace] => [
      `Turn 1 says ${word}, which a trainer takes for a picture, a video or a sound.`,
      drawnTrace('b', { turns: [{ ...turn(''), ...last, text: `A ${word}` }] as Trace['turns'] }),
    ]),
    [
      'Message 1 to the model says <video>, which a trainer takes for a picture, a video or a sound.',
      drawnTrace('b', { question: 'What is in <video>?' }),
    ],
    ['It has no turn.', drawnTrace('b', { turns: [] })],
    [
      'Message 1 to the model shows 2 images in place of 1.',
      drawnTrace('b', { question: 'What is <image>?' }),
    ],
    ['It is not JSON from here on', '{"format":'],
  ])('%s', async (reason, line) => {
    const { leftOut } = await exported(
      await writeSource(folder, [drawnTrace('a'), line]),
      'llamafactory',
      out,
    );
    expect(leftOut).toHaveLength(1);
    expect(leftOut[0]?.reason).toContain(reason);
    expect(await readSamples(out)).toHaveLength(1);
  });

  it('but if nothing is left, nothing is written', async () => {
    const path = await writeSource(folder, [drawnTrace('b', { turns: [] })]);
    await expect(exported(path, 'llamafactory', out)).rejects.toThrow(
      'nothing is left to be written. Line 1: It has no turn.',
    );
    await expect(exported(await writeSource(folder, []), 'traces', out)).rejects.toThrow('It is empty.');
    expect(await readdir(folder)).toEqual(['data.traces.jsonl', 'images']);
  });
});

describe('an export that is cancelled', () => {
  it('leaves nothing behind, wherever it was', async () => {
    const path = await writeSource(
      folder,
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => drawnTrace(id)),
    );
    for (const at of [1, 3, 6, 10, 17]) {
      const abort = new AbortController();
      let images = 0;
      const renderer = {
        render: (request: Parameters<typeof renderImage>[0]) => {
          if (++images === at) abort.abort();
          return renderImage(request);
        },
      };
      await expect(exported(path, 'llamafactory', out, { renderer, signal: abort.signal })).rejects.toThrow(
        'aborted',
      );
      expect(await readdir(folder)).toEqual(['data.traces.jsonl', 'images']);
    }
  });

  it('tells before how far it is', async () => {
    const path = await writeSource(folder, [drawnTrace('a'), drawnTrace('b')]);
    const told: [number, number | null][] = [];
    await exported(path, 'llamafactory', out, { onProgress: (...progress) => told.push(progress) });
    expect(told).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });
});

describe('a folder that is in the way', () => {
  it('is refused if there is something in it', async () => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    await exported(path, 'traces', out);
    await expect(exported(path, 'traces', out)).rejects.toThrow(`${out} is there already, and not empty.`);
    expect((await readdir(out)).length).toBe(3);
  });

  it('is taken away if a killed export left it', async () => {
    const path = await writeSource(folder, [drawnTrace('a')]);
    await writeSource(`${out}.partial`, [drawnTrace('z')]);
    await exported(path, 'llamafactory', out);
    expect(Object.keys(await hashes(out)).some((name) => name.includes('z'))).toBe(false);
    await rm(out, { recursive: true });
    expect(await readdir(folder)).toEqual(['data.traces.jsonl', 'images']);
  });
});
