import { type Drawing, isLine, isUnpainted } from '../trace/drawing';
import { centreOf } from './grid';
import type { TraceStyle } from './maze-world';
import type { Rng } from './rng';
import { pickCells, SCENE_CELLS } from './scene';
import { paintScene } from './scene-picture';
import { MAKE_SCENE_TASK, type SceneTask, type SceneTaskName } from './scene-tasks';
import { answerTurn, drawingTurn, mistakenTurn, type SynthTurn, type World } from './world';

/** A scene world: a question about coloured shapes, solved with one drawing turn and a look. */
export function makeSceneWorld(rng: Rng, name: SceneTaskName, style: TraceStyle): World {
  const task = MAKE_SCENE_TASK[name](rng);
  return {
    layout: { family: 'scene', scene: task.scene },
    task: name,
    question: task.question,
    options: task.options,
    type: task.type,
    gold: task.gold,
    image: paintScene(task.scene),
    turns: sceneTurns(rng, task, style),
  };
}

function sceneTurns(rng: Rng, task: SceneTask, style: TraceStyle): SynthTurn[] {
  const turns: SynthTurn[] = [];
  const slips = rng.chance(style.mistaken) ? rng.int(1, 2) : 0;
  let plan = task.plan;
  for (let i = 0; i < slips; i++) {
    const { drawings, label } = slip(rng, task.drawings);
    turns.push(mistakenTurn(plan, drawings, task.drawings));
    plan = `The ${isLine(task.drawings[0]) ? 'line' : 'box'} of ${label} is wrong. ${task.plan}`;
  }
  turns.push(drawingTurn(plan, task.drawings));
  turns.push(answerTurn(task.conclusion, task.gold));
  return turns;
}

/** The same drawings with one of them moved to a cell where it does not belong. */
function slip(
  rng: Rng,
  drawings: readonly [Drawing, ...Drawing[]],
): { drawings: readonly [Drawing, ...Drawing[]]; label: string } {
  const which = rng.int(0, drawings.length - 1);
  const [first, ...others] = drawings.map((drawing, i) => (i === which ? misplaced(rng, drawing) : drawing));
  const label = drawings[which]?.label;
  if (first === undefined || label === undefined) throw new RangeError('no drawing to misplace');
  return { drawings: [first, ...others], label };
}

function misplaced(rng: Rng, drawing: Drawing): Drawing {
  for (;;) {
    const [cell] = pickCells(rng, 1, SCENE_CELLS);
    if (cell === undefined) continue;
    const [x, y] = centreOf(cell);
    if (isLine(drawing)) {
      const [ex, ey] = drawing.end_point_2d;
      if (ex !== x || ey !== y) return { ...drawing, end_point_2d: [x, y] };
    } else if (!isUnpainted(drawing)) {
      const [x1, y1, x2, y2] = drawing.bbox_2d;
      const [dx, dy] = [x - (x1 + x2) / 2, y - (y1 + y2) / 2];
      if (dx !== 0 || dy !== 0) return { ...drawing, bbox_2d: [x1 + dx, y1 + dy, x2 + dx, y2 + dy] };
    }
  }
}
