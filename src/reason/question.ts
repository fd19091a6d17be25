import type { QuestionType, TraceKind } from '../trace/trace';

/** What is asked about a picture, several views of a scene, or the frames of a video. */
export interface Question {
  /** Without the options. */
  readonly text: string;
  /** The choices with their letters, as in `A. table`; empty where there are none. */
  readonly options: readonly string[];
  readonly type: QuestionType;
  /** The right answer, null if unknown; the model never sees it. */
  readonly gold: string | null;
  readonly kind: TraceKind;
}
