import { t } from '@vscode/l10n';
import { useMemo, useState } from 'preact/hooks';
import { formatCount } from '../model/numbers';
import type { Section } from '../model/sections';
import { litShape } from '../model/state';
import { partsOf, type TurnView } from '../model/turn-view';
import { useSelect } from '../store';
import { SectionView } from './section-view';

/** So many characters of a turn are on the page at first, and so many more each time they are asked for. */
const WINDOW = 20_000;

interface TurnTextProps {
  readonly turn: TurnView;
  readonly sections: readonly Section[];
}

/** What was said in a turn, with all of it that can be pointed at. A text of any length opens at once. */
export function TurnText({ turn, sections }: TurnTextProps) {
  const [end, setEnd] = useState(WINDOW);
  const shown = useMemo(() => cutAt(sections, end), [sections, end]);
  const rest = turn.text.length - end;
  return (
    <div class="turn-text">
      {shown.map((section) => (
        <SectionView key={section.pieces[0]?.start} turn={turn} section={section} />
      ))}
      {rest > 0 && (
        <div class="more">
          <HiddenShape turn={turn} end={end} />
          <button type="button" class="link" onClick={() => setEnd(end + WINDOW)}>
            {t('Show more ({0} characters left)', formatCount(rest))}
          </button>
        </div>
      )}
    </div>
  );
}

/** The JSON of the lit shape, if it stands where the text is not shown. */
function HiddenShape({ turn, end }: { readonly turn: TurnView; readonly end: number }) {
  const lit = useSelect(litShape);
  if (lit === null || partsOf(lit).turn !== turn.number) return null;
  const span = turn.parsed.located[partsOf(lit).drawing]?.span;
  if (!span || span.end <= end) return null;
  return (
    <code class="json lit" data-shape-id={lit} data-lit={true}>
      {turn.text.slice(span.start, span.end).slice(0, WINDOW)}
    </code>
  );
}

function cutAt(sections: readonly Section[], end: number): readonly Section[] {
  return sections.flatMap(({ role, pieces }) => {
    const within = pieces
      .filter(({ start }) => start < end)
      .map((piece) => ({ ...piece, end: Math.min(piece.end, end) }));
    return within.length === 0 ? [] : [{ role, pieces: within }];
  });
}
