import type { TraceDocument } from '../model/trace-document';
import { FindingList } from './finding-list';

/** What was asked, and what the right answer is where it is known. */
export function Question({ document: { trace, findings } }: { readonly document: TraceDocument }) {
  return (
    <section class="question" aria-label="Question" data-testid="question">
      <p class="question-text">{trace.question}</p>
      {trace.options.length > 0 && (
        <ul class="options">
          {trace.options.map((option) => (
            <li key={option}>{option}</li>
          ))}
        </ul>
      )}
      {trace.gold !== null && (
        <p class="gold">
          <span class="quiet">Right answer:</span> {trace.gold}
        </p>
      )}
      {trace.error !== null && <p class="error">{trace.error}</p>}
      <FindingList findings={findings} />
    </section>
  );
}
