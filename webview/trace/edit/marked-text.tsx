import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewMark } from '../../../src/view/trace-view';
import { useSelect } from '../store';

interface MarkedTextProps {
  readonly marks: readonly ViewMark[];
  readonly children: ComponentChildren;
}

/** Words that may be wrong because of edits; those that were gone to last stand out. */
export function MarkedText({ marks, children }: MarkedTextProps) {
  const lit = useSelect(({ litMark }) => marks.some(({ key }) => key === litMark));
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (lit) element.current?.scrollIntoView({ block: 'nearest' });
  }, [lit]);
  return (
    <span
      ref={element}
      class={`marked ${lit ? 'lit' : ''}`}
      title={marks.map(({ message }) => message).join('\n')}
      data-mark={marks[0]?.code}
    >
      {children}
    </span>
  );
}
