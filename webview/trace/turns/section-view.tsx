import type { Section } from '../model/sections';
import type { TurnView } from '../model/turn-view';
import { PieceView } from './piece-view';
import { Verdict } from './verdict';

/** A part of a turn's text. Tags and fences are left out unless something is wrong with them. */
export function SectionView({
  turn,
  section: { role, pieces },
}: {
  readonly turn: TurnView;
  readonly section: Section;
}) {
  const shown = role === 'markup' ? pieces.filter(({ findings }) => findings.length > 0) : pieces;
  const content = shown.map((piece) => <PieceView key={piece.start} turn={turn} piece={piece} />);
  if (shown.every(({ start, end }) => turn.text.slice(start, end).trim() === '')) return null;
  switch (role) {
    case 'think':
      return <p class="think">{content}</p>;
    case 'block':
      return (
        <pre class="block">
          <code>{content}</code>
        </pre>
      );
    case 'answer':
      return (
        <p class="answer">
          <span class="answer-text">{content}</span>
          <Verdict turn={turn.number} />
        </p>
      );
    // The card's head says it, but for one that is none.
    case 'action':
      return turn.parsed.action === null ? <p class="stray">{content}</p> : null;
    case 'markup':
    case 'stray':
      return <p class="stray">{content}</p>;
  }
}
