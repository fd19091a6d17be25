import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { stepTrace } from '../commands';
import { useHost } from '../host';
import { formatCount } from '../model/words';
import { useSelect, useStore } from '../store';
import { Actions } from './actions';

/** What is shown, which trace of a file it is, and what can be done with it. */
export function Header() {
  const store = useStore();
  const host = useHost();
  const view = useSelect((state) => state.view);
  if (view === null) return null;
  const { title, index, count, counting } = view;
  const several = count > 1 || counting;
  return (
    <header class="bar header">
      <h1 title={title}>{title}</h1>
      {several && (
        <nav class="group" aria-label="Traces">
          <Button
            look="icon"
            label="Previous Trace"
            disabled={index === 0}
            onClick={() => void stepTrace(store, host, -1)}
          >
            <Icon name="previous" />
          </Button>
          <span data-testid="trace-index">
            {formatCount(index + 1)} of {formatCount(count)}
            {counting && '…'}
          </span>
          <Button
            look="icon"
            label="Next Trace"
            disabled={index + 1 >= count}
            onClick={() => void stepTrace(store, host, 1)}
          >
            <Icon name="next" />
          </Button>
        </nav>
      )}
      <Actions />
    </header>
  );
}
