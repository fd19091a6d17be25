import type { ReasonEvent } from '../reason/reason';
import { countDrawings, plural } from './describe-trace';
import type { Io } from './io';
import { Progress, percent } from './progress';

/** Tells a person what happens in the loop, as it happens. */
export interface LoopReporter {
  on(event: ReasonEvent): void;
  /** Progress before the loop, such as an import. */
  readonly progress: Progress;
}

/** Streams what the model says to stdout; what is read and drawn in between goes to stderr. */
export class TurnPrinter implements LoopReporter {
  readonly progress: Progress;
  private atLineStart = true;

  constructor(private readonly io: Io) {
    this.progress = new Progress(io);
  }

  on(event: ReasonEvent): void {
    switch (event.type) {
      case 'prefill':
        this.progress.show(`turn ${event.turn + 1}: reading ${percent(event.done, event.total)}`);
        break;
      case 'waiting':
        this.progress.show(`turn ${event.turn + 1}: ${waitingText(event)}`);
        break;
      case 'text':
        this.progress.clear();
        this.print(printable(event.text));
        break;
      case 'turn':
        this.progress.clear();
        this.print(this.atLineStart ? '\n' : '\n\n');
        for (const { severity, message } of event.parsed.findings) {
          if (severity === 'error') this.io.stderr.write(`  turn ${event.turn + 1}: ${printable(message)}\n`);
        }
        break;
      case 'image':
        if (event.image.base !== null) {
          const { number, base, drawn } = event.image;
          this.print(`[image ${number}: image ${base} with ${countDrawings(drawn)}]\n\n`);
        }
        break;
      case 'finish':
        this.progress.clear();
    }
  }

  private print(text: string): void {
    this.io.stdout.write(text);
    this.atLineStart = text.endsWith('\n');
  }
}

/** Leaves stdout to the trace: a line a turn on stderr. */
export class TurnCounter implements LoopReporter {
  readonly progress: Progress;
  /** Characters of this turn so far. */
  private characters = 0;

  constructor(private readonly io: Io) {
    this.progress = new Progress(io);
  }

  on(event: ReasonEvent): void {
    if (event.type === 'prefill') {
      this.progress.show(`turn ${event.turn + 1}: reading ${percent(event.done, event.total)}`);
    } else if (event.type === 'waiting') {
      this.progress.show(`turn ${event.turn + 1}: ${waitingText(event)}`);
    } else if (event.type === 'text') {
      this.characters += event.text.length;
      this.progress.show(`turn ${event.turn + 1}: ${lengthText(event.tokens, this.characters)}`);
    } else if (event.type === 'turn') {
      this.progress.clear();
      this.characters = 0;
      const { parsed, spoken, turn } = event;
      const what = parsed.action ?? 'no action';
      const length = lengthText(spoken.tokens, spoken.text.length);
      this.io.stderr.write(`turn ${turn + 1}: ${what}, ${length}, ${(spoken.seconds ?? 0).toFixed(1)} s\n`);
    } else if (event.type === 'finish') {
      this.progress.clear();
    }
  }
}

/** Not every server tells how many tokens its model has generated. */
const lengthText = (tokens: number | null, characters: number): string =>
  tokens === null ? plural(characters, 'character') : plural(tokens, 'token');

const waitingText = ({ why, seconds }: { readonly why: string; readonly seconds: number | null }): string =>
  printable(seconds === null ? why : `${why} Waiting ${Math.ceil(seconds)} s.`);

/** Text of a model or a file as a terminal may show it: control characters are spelt out, so that they do nothing. */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
