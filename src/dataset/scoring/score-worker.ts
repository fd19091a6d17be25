import { parentPort } from 'node:worker_threads';
import * as v from 'valibot';
import { pieceOrderSchema, type ScoredPiece } from './score-dialogues';
import { scorePiece } from './score-piece';

/** The program of the threads that `scoreDialogues` starts: it is given pieces and answers each. */
parentPort?.on('message', (message: unknown) => {
  const { minShift, ...piece } = v.parse(pieceOrderSchema, message);
  const scored: ScoredPiece = { rows: scorePiece(piece, { minShift }) };
  parentPort?.postMessage(scored);
});
