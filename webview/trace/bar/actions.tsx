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
  const start = (asked: Asked) => () => void ask(store, asked);
  const again = (seed: 'same' | 'new') =>
    start({
      doing: 'Starting the run…',
      call: () => host.again(seed),
      done: () => 'The run is in a view of its own.',
    });
  return (
    <div class="group actions" role="toolbar" aria-label="Trace">
      {running && (
        <Button
          look="primary"
          disabled={busy}
          onClick={start({ doing: 'Stopping…', call: () => host.stop(), done: () => null })}
          testId="stop"
        >
          <Icon name="stop" slot="start" />
          Stop
        </Button>
      )}
      {!running && isRun && (
        <Menu
          label="Run Again"
          icon="restart"
          testId="again"
          disabled={busy || abilities.cannotRun !== null}
          items={[
            { label: 'With the Same Seed', onChoose: again('same') },
            { label: 'With a New Seed', onChoose: again('new') },
          ]}
        />
      )}
      {abilities.save && !running && (
        <Button
          disabled={busy}
          onClick={start({
            doing: 'Saving…',
            call: () => host.save(),
            done: (path) => (path === null ? null : `Saved to ${path}.`),
          })}
          testId="save"
        >
          <Icon name="save" slot="start" />
          Save…
        </Button>
      )}
      <Menu
        label="Export"
        icon="export"
        testId="export"
        disabled={busy}
        items={[
          {
            label: 'Copy as JSON',
            onChoose: start({
              doing: 'Copying…',
              call: () => host.copy('json'),
              done: () => 'Copied as JSON.',
            }),
          },
          {
            label: 'Copy as Markdown',
            onChoose: start({
              doing: 'Copying…',
              call: () => host.copy('markdown'),
              done: () => 'Copied as Markdown.',
            }),
          },
          {
            label: 'Export Images…',
            onChoose: start({
              doing: 'Exporting images…',
              call: () => host.exportImages(),
              done: (path) => (path === null ? null : `The images are in ${path}.`),
            }),
          },
        ]}
      />
    </div>
  );
}
