import { t } from '@vscode/l10n';
import type { TextPiece } from '../model/text-pieces';

/** Words with those that were taken out and put in marked; null is where words that are the same were left out. */
export function Pieces({ pieces }: { readonly pieces: readonly (TextPiece | null)[] }) {
  return pieces.map((piece, i) => {
    if (piece === null) {
      return (
        <span class="left-out" key={i} title={t('Words that are the same are left out')}>
          …
        </span>
      );
    }
    if (piece.kind === 'added') return <ins key={i}>{piece.text}</ins>;
    if (piece.kind === 'removed') return <del key={i}>{piece.text}</del>;
    return <span key={i}>{piece.text}</span>;
  });
}
