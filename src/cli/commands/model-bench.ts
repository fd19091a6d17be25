import { PROVIDERS, WEIGHT_FORMATS } from '../../engine/engine';
import { benchMarkdown } from '../../engine/onnx/bench/bench-markdown';
import { benchModel } from '../../engine/onnx/bench/bench-model';
import type { BenchProgress, BenchStep } from '../../engine/onnx/bench/bench-progress';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { describeOpening } from '../describe-import';
import type { Io } from '../io';
import { folderOf, MODEL_OPTIONS, providersHere, readProvider } from '../model-options';
import { modelFolder } from '../parts';
import { Progress } from '../progress';
import { version } from '../version';

export const modelBench: Command = {
  name: 'model bench',
  usage: '[DIR|NAME] [options]',
  summary: 'Measure how fast a model is on this machine, and whether its graphics card computes right.',
  options: {
    provider: {
      value: providersHere(PROVIDERS),
      help: 'measure this one alone (the processor, and WebGPU where it computes right)',
    },
    weights: MODEL_OPTIONS.weights,
    json: { help: 'print the report as one JSON object; sizes are bytes, times seconds' },
  },
  notes: `DIR is a checkpoint folder, NAME a model that was downloaded; without either it is the bundled model. The report is a
Markdown document for people: it names no path and no user, so that it can be pasted where a problem is told.

It takes seconds for the bundled model and some minutes for a large one, and is of use only if nothing else computes meanwhile.

Exit codes: 0 measured; 1 cancelled; 2 the folder is no model that can be run; 3 a provider failed, or the one that was
asked for is of no use: the report says why.`,
  examples: ['', '~/ViLaSR-7B --weights int4', '--provider webgpu --json'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = null] = args.expectWords('', 0, 1);
  const provider = readProvider(args, PROVIDERS);
  const weights = args.choice('weights', WEIGHT_FORMATS);
  const progress = new Progress(io);
  try {
    const report = await benchModel({
      dir: modelFolder(word === null ? null : folderOf(word, io)),
      name: word === null ? 'bundled' : undefined,
      program: `ViLaSR ${version()}, Node ${process.versions.node}`,
      ...{ provider, weights, signal: io.signal },
      onProgress: (step) => progress.show(describeBench(step)),
    });
    progress.clear();
    io.stdout.write(args.flag('json') ? `${JSON.stringify(report)}\n` : benchMarkdown(report));
    const isBad = report.providers.some(
      ({ state }) => state === 'failed' || (state === 'skipped' && provider),
    );
    return isBad ? EXIT.engineFailed : EXIT.answered;
  } finally {
    progress.clear();
  }
}

function describeBench(progress: BenchProgress): string {
  switch (progress.phase) {
    case 'machine':
      return 'looking at this machine';
    case 'card':
      return 'trying the graphics card, thoroughly';
    case 'opening':
      return `${progress.provider}: ${describeOpening(progress.step)}`;
    case 'measuring':
      return `${progress.provider}: ${MEASURED[progress.step]}`;
  }
}

const MEASURED: Readonly<Record<BenchStep, string>> = {
  reading: 'measuring how fast it reads',
  speaking: 'measuring how fast it speaks',
  together: 'measuring several replies together',
  seeing: 'measuring pictures',
  long: 'measuring after a long prompt',
};
