import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { Change } from '../../../src/trace/edit/change';
import type { Trace } from '../../../src/trace/trace';
import { foldPieces } from '../model/text-pieces';
import { Pieces } from './pieces';
import { textChanges } from './text-changes';

interface TextDiffProps {
  readonly traces: { readonly before: Trace; readonly after: Trace };
  readonly changes: readonly Change[];
}

/** What changed in the words of a trace, part by part. */
export function TextDiff({ traces, changes }: TextDiffProps) {
  const parts = useMemo(() => textChanges(traces.before, traces.after, changes), [traces, changes]);
  if (parts.length === 0) return <p class="quiet">{t('No words are different.')}</p>;
  return parts.map(({ title, note, pieces }, i) => (
    <section class="text-change" key={i} data-testid="text-change">
      <h4>
        {title}
        {note !== null && <span class="tag">{note}</span>}
      </h4>
      {pieces.length > 0 && (
        <p class="diff-text">
          <Pieces pieces={foldPieces(pieces)} />
        </p>
      )}
    </section>
  ));
}
