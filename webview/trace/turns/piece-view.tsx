import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { MarkedText } from '../edit/marked-text';
import { gravest } from '../model/findings';
import type { Piece } from '../model/sections';
import { isHeld, isLit } from '../model/state';
import type { ShapeId, TurnView } from '../model/turn-view';
import { useSelect, useStore } from '../store';

interface PieceViewProps {
  readonly turn: TurnView;
  readonly piece: Piece;
}

/** A stretch of a turn's text: always text, never markup. */
export function PieceView({ turn, piece: { start, end, json, mention, findings, marks } }: PieceViewProps) {
  const text = turn.text.slice(start, end);
  const found = findings.flatMap((i) => turn.findings[i] ?? []);
  const severity = gravest(found);
  const underlined =
    severity === null ? (
      text
    ) : (
      <span class={`found ${severity}`} title={found.map(({ message }) => message).join('\n')}>
        {text}
      </span>
    );
  const content = marks.length === 0 ? underlined : <MarkedText marks={marks}>{underlined}</MarkedText>;
  const shape = json ?? mention;
  if (shape === null) return <>{content}</>;
  return (
    <ShapeText shape={shape} kind={json === null ? 'mention' : 'json'} turn={turn.number}>
      {content}
    </ShapeText>
  );
}

interface ShapeTextProps {
  readonly shape: ShapeId;
  readonly kind: 'json' | 'mention';
  readonly turn: number;
  readonly children: ComponentChildren;
}

/** Text that stands for a shape: pointing at one lights the other. */
function ShapeText({ shape, kind, turn, children }: ShapeTextProps) {
  const { dispatch } = useStore();
  const lit = useSelect((state) => isLit(state, shape));
  const held = useSelect((state) => isHeld(state, shape));
  const chosen = useSelect(({ choice }) => choice.turn === turn);
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (held && kind === 'json') element.current?.scrollIntoView({ block: 'nearest' });
  }, [held, kind]);
  const hold = () => dispatch({ type: 'hold', shape });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot break over lines as text does.
    <span
      ref={element}
      class={`${kind} ${lit ? 'lit' : ''}`}
      role="button"
      // Every stop of the Tab key costs: only the chosen turn's text has them.
      tabIndex={chosen ? 0 : -1}
      data-shape-id={shape}
      data-lit={lit}
      onPointerEnter={() => dispatch({ type: 'light', shape })}
      onPointerLeave={() => dispatch({ type: 'light', shape: null })}
      onFocus={() => dispatch({ type: 'light', shape })}
      onBlur={() => dispatch({ type: 'light', shape: null })}
      onClick={hold}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        hold();
      }}
    >
      {children}
    </span>
  );
}
