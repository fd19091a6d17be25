import { describe, expect, it } from 'vitest';
import manifest from '../../../../package.json';
import { PICTURE_ENDINGS, VIDEO_ENDINGS } from '../../../../src/host/ask/file-kinds';

const { menus } = manifest.contributes;

/** The pattern of endings in a `when` clause. */
function endingsIn(when: string): RegExp {
  const [, pattern] = /resourceExtname =~ \/(.+)\/i$/.exec(when) ?? [];
  if (pattern === undefined) throw new Error(`${when} asks for no ending.`);
  return new RegExp(pattern, 'i');
}

describe.each([
  ['vilasr.ask', PICTURE_ENDINGS, ['.svg', '.ico', '.jpe', '.mp4', '.pngx', '']],
  ['vilasr.askVideo', VIDEO_ENDINGS, ['.png', '.mp3', '']],
])('%s', (command, endings, others) => {
  const places = (['explorer/context', 'editor/title', 'editor/title/context'] as const).flatMap((menu) =>
    menus[menu].filter((item) => item.command === command).map(({ when }) => ({ menu, when })),
  );

  it.each(places)('is in the menu $menu of the files that are read, and of no others', ({ when }) => {
    const pattern = endingsIn(when);
    for (const ending of endings) expect(`.${ending.toUpperCase()}`).toMatch(pattern);
    for (const ending of others) expect(ending).not.toMatch(pattern);
  });
});
