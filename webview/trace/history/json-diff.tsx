import { t } from '@vscode/l10n';
import { useMemo, useState } from 'preact/hooks';
import type { Trace } from '../../../src/trace/trace';
import { formatCount } from '../model/numbers';
import { type JsonLine, jsonRuns } from './json-rows';

/** What changed in the JSON of a trace, line by line; lines that are the same are folded but for those beside a change. */
export function JsonDiff({ traces }: { readonly traces: { readonly before: Trace; readonly after: Trace } }) {
  const runs = useMemo(() => jsonRuns(traces.before, traces.after), [traces]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  if (runs.length === 0) return <p class="quiet">{t('The JSON is the same.')}</p>;
  return (
    <div class="json-diff" data-testid="json-diff">
      {runs.map(({ folded, lines }, i) =>
        folded && !opened.has(i) ? (
          <button
            type="button"
            class="fold"
            key={i}
            onClick={() => setOpened(new Set([...opened, i]))}
            title={t('Show These Lines')}
          >
            {t('{0} lines that are the same', formatCount(lines.length))}
          </button>
        ) : (
          lines.map((line) => <Line key={`${line.before} ${line.after}`} line={line} />)
        ),
      )}
    </div>
  );
}

function Line({ line }: { readonly line: JsonLine }) {
  const { kind, before, after, pieces } = line;
  const words = pieces.map((piece, i) => (
    <span key={i} class={piece.kind === 'same' ? '' : 'own'}>
      {piece.text}
    </span>
  ));
  return (
    <div class={`json-line ${kind}`}>
      <span class="line-number" aria-hidden="true">
        {before ?? ''}
      </span>
      <span class="line-number" aria-hidden="true">
        {after ?? ''}
      </span>
      {kind === 'same' ? <span>{words}</span> : kind === 'added' ? <ins>{words}</ins> : <del>{words}</del>}
    </div>
  );
}
