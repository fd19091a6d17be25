import { type FoundQuestion, readQuestions } from '../../dataset/read-questions';
import { openTraceFile, type TraceFile } from '../../dataset/trace-file';
import type { PixelService } from '../../image/pixel-service';
import { fittingParallel } from '../../sample/fitting-parallel';
import { recordedPlan } from '../../sample/recorded-plan';
import { SampleStopped, sampleCandidates } from '../../sample/sample-candidates';
import type { EngineKeeper, ModelOpener } from '../model/engine-keeper';
import type { ModelChoice } from '../model/model-choice';
import type { Demands } from '../model/open-model';
import { runLimits } from '../run/carry-out';
import type { LimitSettings } from '../settings';
import type { Sampling } from './sampling';
import { samplePlanOf } from './set-plan';

/** What drawing a set needs of the house. */
export interface DrawParts {
  readonly keeper: EngineKeeper;
  readonly openerOf: (model: ModelChoice, demands: Demands) => ModelOpener;
  /** The checkpoint folder of a model on this machine. */
  readonly folderOf: (model: ModelChoice) => string;
  readonly pixels: PixelService;
  /** The folder that image paths may start from besides that of the question file. */
  readonly workingFolder: (questionFile: string) => string;
}

/** Who draws, and how it is stopped. */
export interface DrawOrder {
  readonly model: ModelChoice;
  readonly limits: LimitSettings;
  readonly signal: AbortSignal;
  /** Once it is aborted, what is being drawn is drawn to its end, and nothing new is begun. */
  readonly pause: AbortSignal;
}

/**
 * Draws the candidates that a set lacks, as `sampleCandidates` does and under the limits that the set records, and lets the
 * sampling know. Throws as that does, and as reading the questions, the set and opening the model do.
 */
export async function drawSet(sampling: Sampling, order: DrawOrder, parts: DrawParts): Promise<void> {
  const { plan } = sampling;
  const questions = await readQuestions(
    plan.questionFile,
    parts.workingFolder(plan.questionFile),
    plan.limit ?? Number.POSITIVE_INFINITY,
  );
  const file = await openTraceFile(plan.out);
  try {
    await drawInto(file, { sampling, questions, order, parts });
  } finally {
    await file.close();
  }
}

interface Drawing {
  readonly sampling: Sampling;
  readonly questions: readonly FoundQuestion[];
  readonly order: DrawOrder;
  readonly parts: DrawParts;
}

async function drawInto(file: TraceFile, { sampling, questions, order, parts }: Drawing): Promise<void> {
  const { plan } = sampling;
  const { signal, pause } = order;
  const known = await recordedPlan(file.traces());
  const model = { ...order.model, weights: order.model.weights ?? known?.weights ?? null };
  const maxPixels = known?.limits.maze?.maxPixels ?? known?.limits.other?.maxPixels ?? order.limits.maxPixels;
  const parallel =
    model.source === 'server'
      ? model.server.parallel
      : await fittingParallel(
          { dir: parts.folderOf(model), weights: model.weights, maxPixels },
          plan.candidates,
        );
  const onProgress = (message: string) => sampling.enter({ type: 'opening', message });
  await parts.keeper.use(
    parts.openerOf(model, { maxPixels, maxImages: order.limits.maxImages, parallel }),
    { signal, onProgress },
    async ({ engine, profile }) => {
      if (pause.aborted) throw new SampleStopped('paused', 'Paused.');
      sampling.begin(questions.length * plan.candidates);
      await sampleCandidates(questions, file, {
        questionFile: plan.questionFile,
        plan: samplePlanOf(plan),
        ...{ engine, profile, parallel, signal, pause },
        pixels: parts.pixels,
        limitsOf: ({ gridSize }) =>
          known?.limits[gridSize === null ? 'other' : 'maze'] ?? runLimits(order.limits, engine.info),
        onBegin: (id) => sampling.take(id),
        onCandidate: (trace, tally, isNew) => sampling.count(trace, tally, isNew),
      });
    },
  );
}
