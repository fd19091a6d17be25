import { t } from '@vscode/l10n';
import { Splitter } from '../shared/splitter';
import { ProgressRing } from '../shared/toolkit';
import { Header } from './bar/header';
import { Notices } from './bar/notices';
import { ComparePane } from './compare/compare-pane';
import { OverlayView } from './compare/overlay-view';
import { useCompared } from './compare/use-compared';
import { FirstTurn } from './edit/first-turn';
import { MarkBar } from './edit/mark-bar';
import { HistoryPanel } from './history/history-panel';
import { LiveListProvider } from './list/live-list';
import { TraceList } from './list/trace-list';
import type { TraceDocument } from './model/trace-document';
import { whyNoTrace } from './model/words';
import { ReviewBar } from './review/review-bar';
import { useDesk } from './review/use-desk';
import { Filmstrip } from './side/filmstrip';
import { ImageMap } from './side/image-map';
import { ShapeList } from './side/shape-list';
import { StageBar } from './stage/stage-bar';
import { StageView } from './stage/stage-view';
import { useSelect, useStore } from './store';
import { FindingList } from './turns/finding-list';
import { Question } from './turns/question';
import { RunProgress } from './turns/run-progress';
import { TurnList } from './turns/turn-list';

/** The trace view: the turns, the stage, and beside it what lies on it and where the images come from. */
export function App() {
  const failure = useSelect((state) => state.failure);
  const loading = useSelect((state) => state.view === null);
  const document = useSelect((state) => state.document);
  const findings = useSelect((state) => state.lineFindings);
  const hasHistory = useSelect((state) => state.historyOpen && state.edits !== null);
  const announcement = useSelect((state) => state.announcement);
  useDesk();
  if (failure !== null) {
    return (
      <main class="message" data-testid="failure">
        <h1>{t('The trace cannot be shown.')}</h1>
        <p role="alert">{failure}</p>
      </main>
    );
  }
  if (loading) {
    return (
      <main class="message">
        <ProgressRing label={t('Opening the trace')} />
      </main>
    );
  }
  return (
    <>
      <Header />
      <Notices />
      <LiveListProvider>
        <ReviewBar />
        <TraceList />
      </LiveListProvider>
      {document === null ? (
        <main class="message" data-testid="no-trace">
          <h2>{whyNoTrace(findings)}</h2>
          <FindingList findings={findings} />
        </main>
      ) : (
        <Columns document={document} />
      )}
      {document !== null && hasHistory && <HistoryPanel document={document} />}
      <div class="sr-only" role="status" aria-live="polite" data-testid="announcement">
        {announcement}
      </div>
    </>
  );
}

function Columns({ document }: { readonly document: TraceDocument }) {
  const { dispatch } = useStore();
  const panes = useSelect((state) => state.panes);
  const number = useSelect(({ choice }) => choice.image);
  const comparing = useSelect(({ compare }) => compare.open);
  const columns = useCompared(document);
  const image = document.images[number - 1] ?? document.images[0];
  const { turns, side, compare } = panes;
  const widths = {
    ...{ '--turns-width': `${turns}px`, '--side-width': `${side}px`, '--compare-width': `${compare}px` },
  };
  return (
    <main class={`columns ${comparing ? 'comparing' : ''}`} style={widths}>
      {comparing ? (
        <ComparePane key="compare" columns={columns} />
      ) : (
        <Turns key="turns" document={document} />
      )}
      <Splitter
        key="left"
        label={comparing ? t('Width of the comparison') : t('Width of the turns')}
        value={comparing ? compare : turns}
        least={comparing ? 320 : 220}
        most={comparing ? 2000 : 800}
        direction={1}
        onChange={(width) =>
          dispatch({ type: 'panes', panes: comparing ? { compare: width } : { turns: width } })
        }
      />
      {image && (
        <section class="column stage-column" aria-label={t('Stage')} key="stage">
          <StageBar document={document} image={image} />
          <StageView document={document} image={image}>
            {comparing && <OverlayView document={document} image={image} columns={columns} />}
          </StageView>
          <Filmstrip document={document} />
        </section>
      )}
      {!comparing && (
        <Splitter
          key="right"
          label={t('Width of the shapes')}
          value={side}
          least={180}
          most={600}
          direction={-1}
          onChange={(width) => dispatch({ type: 'panes', panes: { side: width } })}
        />
      )}
      {image && !comparing && (
        <aside class="column side-column" aria-label={t('Shapes and images')} key="side">
          <ShapeList document={document} image={image} />
          <ImageMap document={document} />
        </aside>
      )}
    </main>
  );
}

function Turns({ document }: { readonly document: TraceDocument }) {
  return (
    <section class="column turns-column" aria-label={t('Turns')}>
      <Question document={document} />
      <MarkBar />
      {document.turns.length === 0 ? <FirstTurn /> : <TurnList document={document} />}
      <RunProgress />
    </section>
  );
}
