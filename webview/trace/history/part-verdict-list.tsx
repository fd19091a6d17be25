import { t } from '@vscode/l10n';
import { PartMarkOf } from '../bar/part-mark';
import { partName, partWords } from '../model/part-verdicts';
import { drawingOf, type TraceDocument } from '../model/trace-document';
import { shapeId } from '../model/turn-view';
import { useSelect, useStore } from '../store';

/** What was said of turns and shapes alone; each leads to its turn. Nothing where nothing was. */
export function PartVerdictList({ document }: { readonly document: TraceDocument }) {
  const { dispatch } = useStore();
  const verdicts = useSelect((state) => state.partVerdicts);
  if (verdicts.length === 0) return null;
  return (
    <ul class="part-verdicts" aria-label={t('Verdicts on turns and shapes')} data-testid="part-verdicts">
      {verdicts.map((verdict) => {
        const { turn, shape } = verdict;
        const label = shape === null ? null : (drawingOf(document, shapeId(turn, shape))?.label ?? t('gone'));
        return (
          <li key={`${turn} ${shape}`}>
            <button type="button" class="link" onClick={() => dispatch({ type: 'choose-turn', turn })}>
              {partName(verdict, label)}
            </button>
            <PartMarkOf verdict={verdict} />
            <span class="quiet">{partWords(verdict).source}</span>
          </li>
        );
      })}
    </ul>
  );
}
