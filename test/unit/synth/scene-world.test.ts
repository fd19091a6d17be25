import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../src/synth/make-world';
import type { TraceStyle } from '../../../src/synth/maze-world';
import { nameOf, type Scene, type Shape } from '../../../src/synth/scene';
import { SCENE_TASKS } from '../../../src/synth/scene-tasks';
import type { World } from '../../../src/synth/world';
import { traceLineage } from '../../../src/trace/lineage';
import { parseTurn } from '../../../src/trace/parse-turn';

const PLAIN: TraceStyle = { several: 0, mistaken: 0 };

function scenes(
  task: (typeof SCENE_TASKS)[number],
  count = 200,
  style = PLAIN,
): { world: World; scene: Scene }[] {
  const offset = SCENE_TASKS.indexOf(task);
  return Array.from({ length: count }, (_, i) => {
    const world = makeWorld('scene', 5, i * SCENE_TASKS.length + offset, style);
    if (world.layout.family !== 'scene' || world.task !== task) throw new Error(`not a ${task}`);
    return { world, scene: world.layout.scene };
  });
}

const named = (scene: Scene, name: string | undefined): Shape => {
  const found = scene.shapes.filter((shape) => nameOf(shape) === name);
  if (found.length !== 1) throw new Error(`${found.length} shapes named ${name}`);
  return found[0]!;
};
const apart = (a: Shape, b: Shape): number =>
  Math.hypot(a.cell.column - b.cell.column, a.cell.row - b.cell.row);
const option = (world: World): string | undefined =>
  world.options.find((text) => text.startsWith(`${world.gold}. `))?.slice(3);

describe('the true answer of a scene follows from where its shapes are', () => {
  it('count: as many as fit the words', () => {
    for (const { world, scene } of scenes('count')) {
      const words = /How many (.+)s are there/.exec(world.question)?.[1]?.split(' ') ?? [];
      const fits = scene.shapes.filter((shape) =>
        words.every((word) => word === 'shape' || word === shape.kind || word === shape.colour),
      );
      expect(world.gold).toBe(String(fits.length));
    }
  });

  it('relation: the first is on the side that the answer says', () => {
    for (const { world, scene } of scenes('relation')) {
      const [, first, second] = /Is the (\w+ \w+) .* the (\w+ \w+)\?/.exec(world.question) ?? [];
      const [a, b] = [named(scene, first).cell, named(scene, second).cell];
      const truth = {
        left: a.column < b.column,
        right: a.column > b.column,
        above: a.row < b.row,
        below: a.row > b.row,
      };
      expect(truth[option(world) as keyof typeof truth]).toBe(true);
    }
  });

  it('nearest: no other option is nearer, by a third', () => {
    for (const { world, scene } of scenes('nearest')) {
      const from = named(scene, /nearest to the (\w+ \w+)\?/.exec(world.question)?.[1]);
      const distances = world.options.map((text) => apart(from, named(scene, text.slice(3))));
      const gold = apart(from, named(scene, option(world)));
      expect(distances.filter((d) => d < gold * 1.33)).toEqual([gold]);
    }
  });

  it('larger: the answer has the larger radius', () => {
    for (const { world, scene } of scenes('larger')) {
      const radii = world.options.map((text) => named(scene, text.slice(3)).radius);
      expect(named(scene, option(world)).radius).toBe(Math.max(...radii));
      expect(radii[0]).not.toBe(radii[1]);
    }
  });

  it('distance: cells apart, in units of the bar', () => {
    for (const { world, scene } of scenes('distance')) {
      const [, a, b] = /is the (\w+ \w+) from the (\w+ \w+)\?/.exec(world.question) ?? [];
      const units = Number(/bar is (\d+) units? long/.exec(world.question)?.[1]);
      expect(Number(world.gold)).toBeCloseTo(
        (apart(named(scene, a), named(scene, b)) * units) / scene.bar!.cells,
      );
    }
  });
});

describe.each(SCENE_TASKS)('the cold-start trace of a %s scene', (task) => {
  it('is well-formed, says the same in text and data, and answers what is true', () => {
    for (const { world } of scenes(task, 100, { several: 0, mistaken: 0.5 })) {
      for (const turn of world.turns) {
        const parsed = parseTurn(turn.text);
        expect([parsed.wellFormed, parsed.findings]).toEqual([true, []]);
        expect(parsed.drawings).toEqual(turn.drawings);
      }
      expect(parsed(world)).toBe(world.gold);
    }
  });

  it('corrects planted mistakes on the clean image', () => {
    const mistaken = scenes(task, 100, { several: 0, mistaken: 1 });
    for (const { world } of mistaken) {
      const wrong = world.turns.filter((turn) => turn.soundUntil < turn.text.length);
      expect(wrong.length).toBeGreaterThan(0);
      const last = traceLineage(1, world.turns).images.at(-1)!;
      expect([last.base, last.ghosts]).toEqual([1, []]);
    }
  });
});

const parsed = (world: World): string | null => parseTurn(world.turns.at(-1)!.text).answer;
