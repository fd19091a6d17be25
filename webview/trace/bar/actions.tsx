import { t } from '@vscode/l10n';
import { Icon } from '../../shared/icons';
import { Menu } from '../../shared/menu';
import { Button } from '../../shared/toolkit';
import { type Asked, ask } from '../ask';
import { useHost } from '../host';
import { isRunning } from '../model/state';
import { useSelect, useStore } from '../store';

/** What can be done with the trace: stop it, run it again, save it, take it elsewhere. */
export function Actions() {
  const store = useStore();
  const host = useHost();
  const running = useSelect(isRunning);
  const isRun = useSelect(({ run, document }) => run !== null || (document?.trace.run ?? null) !== null);
  const abilities = useSelect(({ view }) => view?.abilities ?? null);
  const busy = useSelect(({ asking }) => asking !== null);
  const hasTrace = useSelect(({ document }) => document !== null);
  if (abilities === null || !hasTrace) return null;
  const start =
    <T,>(asked: Asked<T>) =>
    () =>
      void ask(store, asked);
  const again = (seed: 'same' | 'new') =>
    start({
      doing: t('Starting the run…'),
      call: () => host.again(seed),
      done: () => t('The run is in a view of its own.'),
    });
  return (
    <div class="group actions" role="toolbar" aria-label={t('Trace')}>
      {running && (
        <Button
          look="primary"
          disabled={busy}
          onClick={start({ doing: t('Stopping…'), call: () => host.stop(), done: () => null })}
          testId="stop"
        >
          <Icon name="stop" slot="start" />
          {t('Stop')}
        </Button>
      )}
      {!running && isRun && (
        <Menu
          label={t('Run Again')}
          icon="restart"
          testId="again"
          disabled={busy || abilities.cannotRun !== null}
          items={[
            { label: t('With the Same Seed'), onChoose: again('same') },
            { label: t('With a New Seed'), onChoose: again('new') },
          ]}
        />
      )}
      {abilities.save && !running && (
        <Button
          disabled={busy}
          onClick={start({
            doing: t('Saving…'),
            call: () => host.save(),
            done: (path) => (path === null ? null : t('Saved to {0}.', path)),
          })}
          testId="save"
        >
          <Icon name="save" slot="start" />
          {t('Save…')}
        </Button>
      )}
      <Menu
        label={t('Export')}
        icon="export"
        testId="export"
        disabled={busy}
        items={[
          {
            label: t('Copy as JSON'),
            onChoose: start({
              doing: t('Copying…'),
              call: () => host.copy('json'),
              done: () => t('Copied as JSON.'),
            }),
          },
          {
            label: t('Copy as Markdown'),
            onChoose: start({
              doing: t('Copying…'),
              call: () => host.copy('markdown'),
              done: () => t('Copied as Markdown.'),
            }),
          },
          {
            label: t('Export Images…'),
            onChoose: start({
              doing: t('Exporting images…'),
              call: () => host.exportImages(),
              done: (path) => (path === null ? null : t('The images are in {0}.', path)),
            }),
          },
        ]}
      />
    </div>
  );
}
