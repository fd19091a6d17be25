import { type DownloadProgress, downloadModel } from '../../engine/hub/download-model';
import { hubSettings } from '../../engine/hub/hub-settings';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { Progress, percent } from '../progress';
import { size } from '../sizes';

export const modelDownload: Command = {
  name: 'model download',
  usage: 'ORG/NAME [options]',
  summary: 'Download a checkpoint from the Hugging Face Hub. What was stopped goes on where it was.',
  options: {
    revision: { value: 'REV', help: 'branch, tag or commit (main)' },
    endpoint: { value: 'URL', help: 'another hub ($HF_ENDPOINT, else https://huggingface.co)' },
  },
  notes: `It goes to the cache of the hub's own tools ($HF_HUB_CACHE, else "hub" in $HF_HOME, else in ~/.cache/huggingface), and what
lies there already is used. The token is that of $HF_TOKEN, or of "hf auth login"; the proxy that of $HTTPS_PROXY.
What is downloaded from main can be named as --model ORG/NAME; of another revision give the folder that is printed.`,
  examples: ['AntResearchNLP/ViLaSR', 'AntResearchNLP/ViLaSR --endpoint https://hf-mirror.com'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [repo = ''] = args.expectWords('The name of the model on the hub', 1, 1);
  const settings = await hubSettings({ endpoint: args.text('endpoint') }, io.env);
  const revision = args.text('revision');
  const progress = new Progress(io);
  try {
    const dir = await downloadModel({
      repo,
      ...(revision !== null && { revision }),
      settings,
      signal: io.signal,
      onProgress: (step) => progress.show(describe(step)),
    });
    progress.clear();
    io.stdout.write(`${dir}\n`);
    return EXIT.answered;
  } finally {
    progress.clear();
  }
}

function describe(step: DownloadProgress): string {
  switch (step.phase) {
    case 'listing':
      return 'asking the hub';
    case 'waiting':
      return 'waiting for another process that downloads this model';
    case 'checking':
      return `checking what came of ${step.file} before`;
    case 'downloading':
      return `${percent(step.done, step.total)} of ${size(step.total)}: ${step.file}`;
    case 'retrying':
      return `${step.why} Trying again`;
  }
}
