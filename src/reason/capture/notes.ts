/**
 * What a reader of a captured profile must know. `not-seen`: no row shows these words, so they are the base profile's.
 * `assumed`: the rows would allow another reading. `differs`: some rows say it otherwise; most of them count.
 */
export interface CaptureNote {
  readonly field: string;
  readonly kind: 'not-seen' | 'assumed' | 'differs';
  readonly message: string;
}

export type AddNote = (field: string, kind: CaptureNote['kind'], message: string) => void;
