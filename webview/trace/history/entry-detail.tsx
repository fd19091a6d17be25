import { t } from '@vscode/l10n';
import { useState } from 'preact/hooks';
import type { Change } from '../../../src/trace/edit/change';
import type { HistoryEntryView } from '../../../src/view/trace-history';
import { Icon } from '../../shared/icons';
import { Tabs } from '../../shared/tabs';
import { Button } from '../../shared/toolkit';
import { useSelect } from '../store';
import { JsonDiff } from './json-diff';
import { prettyJson } from './json-rows';
import { PictureDiff } from './picture-diff';
import { TextDiff } from './text-diff';
import type { Detail } from './use-history';
import { formatMoment } from './when';

type TabName = 'text' | 'json' | 'picture';

interface EntryDetailProps {
  /** Null for the original. */
  readonly entry: HistoryEntryView | null;
  readonly detail: Detail;
  readonly onRestore: () => void;
}

/** One edit: who made it when, what is the matter with it, what it did, and the way back to it. */
export function EntryDetail({ entry, detail, onRestore }: EntryDetailProps) {
  const [tab, setTab] = useState<TabName>('text');
  const busy = useSelect(({ asking }) => asking !== null);
  const { traces, isNow } = detail;
  return (
    <div class="history-detail" data-testid="history-detail">
      <div class="detail-head">
        <div class="detail-what">
          <h3>{entry?.label ?? t('Original')}</h3>
          <p class="quiet">{entry === null ? originalWords(isNow) : entryWords(entry)}</p>
        </div>
        {isNow && <span class="quiet">{t('The trace is so now.')}</span>}
        {traces !== null && (
          <Button disabled={isNow || busy} onClick={onRestore} testId="restore">
            <Icon name="restart" slot="start" />
            {entry === null ? t('Restore the Original') : t('Restore This')}
          </Button>
        )}
      </div>
      {entry !== null && problemsOf(entry).map((problem) => <Problem key={problem} text={problem} />)}
      {traces === null ? (
        <Unfit changes={detail.changes} />
      ) : (
        <Tabs
          id="history-tab"
          label={t('What changed')}
          tabs={[
            { name: 'text', title: t('Text') },
            { name: 'json', title: t('JSON') },
            { name: 'picture', title: t('Picture') },
          ]}
          selected={tab}
          onSelect={setTab}
        >
          {tab === 'text' && <TextDiff traces={traces} changes={detail.changes} />}
          {tab === 'json' && <JsonDiff traces={traces} key={detail.id} />}
          {tab === 'picture' && <PictureDiff traces={traces} detail={detail} />}
        </Tabs>
      )}
    </div>
  );
}

/** What an edit says that does not fit the trace: there is nothing to compare. */
function Unfit({ changes }: { readonly changes: readonly Change[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may be longer than its place, and is scrolled by keys.
    <section class="tab-panel" aria-label={t('What it was to change')} tabIndex={0} data-testid="unfit">
      <p>{t('It does not fit the trace. This is what it was to change:')}</p>
      <pre class="json">{prettyJson(changes)}</pre>
    </section>
  );
}

function Problem({ text }: { readonly text: string }) {
  return (
    <p class="warning detail-problem">
      <Icon name="warning" />
      <span>{text}</span>
    </p>
  );
}

const originalWords = (isNow: boolean): string =>
  isNow
    ? t('as it stands in the file')
    : t('What is below leads from the trace as it is now back to the file.');

function entryWords({ who, at, saved, undoes }: HistoryEntryView): string {
  const made = [who, formatMoment(at, document.documentElement.lang)];
  const undone = undoes === null ? [] : [t('takes back “{0}”', undoes)];
  return [...made, saved ? t('saved') : t('not saved'), ...undone].join(' · ');
}

function problemsOf({ state, reason, afterGap }: HistoryEntryView): string[] {
  return [
    ...(state === 'not-applied' ? [t('It is not applied. {0}', reason ?? '')] : []),
    ...(afterGap ? [t('The edit that it follows is missing: see whether it still is in its place.')] : []),
  ];
}
