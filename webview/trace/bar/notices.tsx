import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { Icon } from '../../shared/icons';
import { Button, ProgressRing } from '../../shared/toolkit';
import { useLasting } from '../../shared/use-lasting';
import { ask } from '../ask';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { useSelect, useStore } from '../store';

/** What is being done, what came of it, and what went wrong, in one line below the header. */
export function Notices() {
  const store = useStore();
  const host = useHost();
  const busy = useSelect((state) => state.asking);
  const asking = useLasting(busy);
  const notice = useSelect((state) => state.notice);
  const editor = useEditor();
  const offer = notice?.offer;
  const cannotRun = useSelect(({ view }) => view?.abilities.cannotRun ?? null);
  const failure = useSelect(({ document }) => {
    const trace = document?.trace;
    return trace?.finish === 'failed' ? (trace.error ?? t('The run failed.')) : null;
  });
  return (
    <div class="notices" data-testid="notices">
      {asking !== null && (
        <p>
          <ProgressRing label={asking} />
          {asking}
        </p>
      )}
      {busy === null && notice !== null && (
        <p class={notice.kind} role={notice.kind === 'error' ? 'alert' : undefined}>
          <Icon name={notice.kind === 'error' ? 'error' : 'right'} />
          <span class="notice-text">{notice.text}</span>
          {offer && <Button onClick={() => editor.takeOffer(offer)}>{offer.label}</Button>}
          <IconButton
            icon="close"
            label={t('Dismiss')}
            onClick={() => store.dispatch({ type: 'notice', notice: null })}
          />
        </p>
      )}
      {failure !== null && (
        <p class="error">
          <Icon name="error" />
          <span class="notice-text">{failure}</span>
          <Button
            onClick={() =>
              void ask(store, { doing: t('Opening the log…'), call: () => host.showLog(), done: () => null })
            }
          >
            {t('Show Log')}
          </Button>
        </p>
      )}
      {cannotRun !== null && (
        <p class="quiet">
          <Icon name="warning" />
          <span class="notice-text">{cannotRun}</span>
        </p>
      )}
    </div>
  );
}
